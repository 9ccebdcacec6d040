import type { Budget } from '../../enc/costs';
import { encModelPlans, logQualities } from '../../enc/encModel';
import { partBetween, plansWithinAll } from '../../enc/jointBudgets';
import { planWithin } from '../../enc/levels';
import { planOfChoices, type Plan } from '../../enc/plan';
import type { SelectionProblem } from '../../enc/problem';
import { metrics } from '../metrics';
import type { FindPlans } from '../metrics/metric';
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
    const [{ cost }] = budgets;
    const qualities = {
      own: qualitiesOf(problem, inputs, cost),
      energy: () => energiesOf(problem, inputs, cost),
    };
    const find = budgets.length === 1 ? withinOne : withinAll;
    const plans = metrics.get(inputs.metric).search(find(problem, inputs, budgets), qualities, count);
    // Where nothing costs as little as the target, ENC-Map's plan is the least there is, and says so.
    return plans.length > 0 ? plans : map.plans(problem, inputs, budgets, 1).map(ownPlan);
  },
};

const ownPlan = (plan: Plan): Plan => ({ ...plan, method: 'model' });

type Finder = (problem: SelectionProblem, inputs: SelectionInputs, budgets: readonly Budget[]) => FindPlans;

const withinOne: Finder = (problem, inputs, [{ cost, share }]) => {
  const [ladder, space] = [mapLadderOf(problem, inputs, cost), searchedSpace(inputs)];
  return (qualities, count) => encModelPlans(ladder, qualities, share, space, count, inputs.mostSteps);
};

/** Several budgets at once: the space lies between ENC-Map's plans with less and with more of each of them. */
const withinAll: Finder = (problem, inputs, budgets) => {
  const { spread } = searchedSpace(inputs);
  const at = (by: number) => {
    const shifted = budgets.map(({ cost, share }) => ({ cost, share: share + by }));
    return planWithin((cost) => mapLadderOf(problem, inputs, cost), 'map', shifted).choices;
  };
  const ends =
    spread === null
      ? [problem.layers.map(() => 0), problem.layers.map(({ ranks }) => ranks.length - 1)]
      : [at(-spread), at(spread)];
  const { problem: part, low } = partBetween(problem, Int32Array.from(ends[0]), Int32Array.from(ends[1]));
  return (qualities, count) => {
    const values = logQualities(qualities).map((own, layer) =>
      own.subarray(low[layer], low[layer] + part.layers[layer].ranks.length),
    );
    return plansWithinAll(part, 'model', budgets, values, count).map(({ choices, gap }) => {
      const own = choices.map((choice, layer) => choice + low[layer]);
      return { ...planOfChoices(problem, 'model', budgets[0], own, budgets.slice(1)), gap };
    });
  };
};
