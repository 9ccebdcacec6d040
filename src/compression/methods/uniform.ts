import { planWithin } from '../../enc/levels';
import { uniformLadder } from '../../enc/uniform';
import { oncePerInputs } from './inputs';
import type { SelectionMethod } from './method';

const ladderOf = oncePerInputs((problem, _inputs, cost) => uniformLadder(problem, cost));

export const uniform: SelectionMethod = {
  id: 'uniform',
  label: 'Uniform',
  idea: 'The baseline: every layer gets the same share of its largest useful rank.',
  needs: { curves: false, images: false },
  plans(problem, inputs, budgets) {
    return [planWithin((cost) => ladderOf(problem, inputs, cost), 'uniform', budgets)];
  },
};
