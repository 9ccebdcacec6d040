import { planWithin } from '../../enc/levels';
import { mapLadderOf } from './inputs';
import type { SelectionMethod } from './method';

export const map: SelectionMethod = {
  id: 'map',
  label: 'ENC-Map',
  idea: 'Every layer pays the same loss of quality, read off its own curve.',
  needs: { curves: true, images: false },
  plans(problem, inputs, budgets) {
    return [planWithin((cost) => mapLadderOf(problem, inputs, cost), 'map', budgets)];
  },
};
