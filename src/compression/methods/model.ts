import { planAtTarget } from '../../enc/levels';
import { metrics } from '../metrics';
import { energiesOf, mapLadderOf, qualitiesOf, searchedSpace } from './inputs';
import { onlyBudget, type SelectionMethod } from './method';

export const model: SelectionMethod = {
  id: 'model',
  label: 'ENC-Model',
  idea: 'The ranks with the greatest predicted quality of the whole network.',
  needs: { curves: true, images: false },
  isFreeInTables: true,
  plans(problem, inputs, budgets, count) {
    const { cost, share } = onlyBudget(budgets);
    const ladder = mapLadderOf(problem, inputs, cost);
    const { search } = metrics.get(inputs.metric);
    const qualities = {
      own: qualitiesOf(problem, inputs, cost),
      energy: () => energiesOf(problem, inputs, cost),
    };
    const plans = search(ladder, qualities, share, searchedSpace(inputs), count);
    // Where nothing costs as little as the target, ENC-Map's plan is the least there is, and says so.
    return plans.length > 0 ? plans : [{ ...planAtTarget(ladder, 'map', share), method: 'model' }];
  },
};
