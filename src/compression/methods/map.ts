import { planAtTarget } from '../../enc/levels';
import { mapLadderOf } from './inputs';
import { onlyBudget, type SelectionMethod } from './method';

export const map: SelectionMethod = {
  id: 'map',
  label: 'ENC-Map',
  idea: 'Every layer pays the same loss of quality, read off its own curve.',
  needs: { curves: true, images: false },
  plans(problem, inputs, budgets) {
    const { cost, share } = onlyBudget(budgets);
    return [planAtTarget(mapLadderOf(problem, inputs, cost), 'map', share)];
  },
};
