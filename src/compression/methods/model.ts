import type { Budget } from '../../enc/costs';
import { logQualities, type ModelSpace } from '../../enc/encModel';
import { partBetween, plansWithinAll, type JointPlan } from '../../enc/jointBudgets';
import { planWithin } from '../../enc/levels';
import { planOfChoices, type Plan } from '../../enc/plan';
import type { SelectionProblem } from '../../enc/problem';
import { metrics } from '../metrics';
import { energiesOf, mapLadderOf, qualitiesOf, searchedSpace, type SelectionInputs } from './inputs';
import { map } from './map';
import type { SelectionMethod } from './method';

export const model: SelectionMethod = {
  id: 'model',
  label: 'ENC-Model',
  idea: 'The ranks with the greatest predicted quality of the whole network.',
  needs: { curves: true, images: false },
  isFreeInTables: true,
  plans(problem, inputs, budgets, count) {
    const [budget, ...others] = budgets;
    const plans =
      others.length === 0
        ? searched(problem, inputs, budget, searchedSpace(inputs), count)
        : jointPlans(problem, inputs, budgets, count);
    // Where nothing costs as little as the target, ENC-Map's plan is the least there is, and says so.
    return plans.length > 0 ? plans : map.plans(problem, inputs, budgets, 1).map(ownPlan);
  },
};

const ownPlan = (plan: Plan): Plan => ({ ...plan, method: 'model' });

function searched(
  problem: SelectionProblem,
  inputs: SelectionInputs,
  { cost, share }: Budget,
  space: ModelSpace,
  count: number,
): readonly Plan[] {
  const qualities = {
    own: qualitiesOf(problem, inputs, cost),
    energy: () => energiesOf(problem, inputs, cost),
  };
  return metrics
    .get(inputs.metric)
    .search(mapLadderOf(problem, inputs, cost), qualities, share, space, count);
}

/** Several budgets at once: the space lies between ENC-Map's plans with less and with more of each of them. */
function jointPlans(
  problem: SelectionProblem,
  inputs: SelectionInputs,
  budgets: readonly Budget[],
  count: number,
): readonly JointPlan[] {
  const { spread } = searchedSpace(inputs);
  const at = (by: number) => {
    const shifted = budgets.map(({ cost, share }) => ({ cost, share: share + by }));
    return planWithin((cost) => mapLadderOf(problem, inputs, cost), 'map', shifted).choices;
  };
  const ends =
    spread === null
      ? [problem.layers.map(() => 0), problem.layers.map(({ ranks }) => ranks.length - 1)]
      : [at(-spread), at(spread)];
  const part = partBetween(problem, Int32Array.from(ends[0]), Int32Array.from(ends[1]));
  const values = logQualities(qualitiesOf(part.problem, inputs, budgets[0].cost));
  const all: ModelSpace = { spread: null, slack: 1 };
  return plansWithinAll(part.problem, budgets, values, count, (joint, budget, some) =>
    searched(joint, inputs, budget, all, some),
  ).map(({ choices, gap }) => {
    const own = choices.map((choice, layer) => choice + part.low[layer]);
    return { ...planOfChoices(problem, 'model', budgets[0], own, budgets.slice(1)), gap };
  });
}
