import { bestAnswers, searchTable, type SearchLayer } from './exactSearch';
import { planAtTarget, type LevelLadder } from './levels';
import { planOfChoices, type Plan } from './plan';
import type { SelectionProblem } from './problem';

/** The space that ENC-Model searches. */
export interface ModelSpace {
  /**
   * δs: ranks lie between ENC-Map's answers at target − δs and target + δs, as a share of the original MACs;
   * null searches every rank.
   */
  readonly spread: number | null;
  /** δm: the plan costs at least (1 − δm) of the target, and never more than the target. */
  readonly slack: number;
}

/** The paper's space with its defaults. */
export const paperSpace: ModelSpace = { spread: 0.1, slack: 0.005 };

/** A plan of ENC-Model with the quality that it maximises: A_p, A_m or A_d, the product of the layers' qualities. */
export interface ModelPlan extends Plan {
  readonly quality: number;
}

/** Least quality that a logarithm is taken of; the energy of rank 1 is 0 by definition. */
const leastQuality = 1e-12;

/**
 * Most cells that cost is counted in. Real networks' costs share a large divisor (ResNet-56: 49,152 MACs,
 * 2,574 cells), so that cells are exact; where they are not, a cell is rounded up to the next larger, and plans
 * cost at most 1/cells per layer less than they might.
 */
const mostCells = 1 << 16;

/**
 * ENC-Model (paper, section 4.2): among the configurations of the space, those with the greatest whole-network
 * quality, best first.
 *
 * The paper samples this space for about three minutes: it groups layers, keeps one group sum in 20 and one
 * candidate in 100, and scores what is left. Here log A is a sum over layers, so dynamic programming over cost
 * solves the same problem exactly, in milliseconds, and the same table yields the next best plans. Layers of
 * equal cost are no special case, nothing is random, and the first convolution takes part unless it is kept.
 *
 * @param ladder ENC-Map's, which bounds the space
 * @param qualities of every choice of every layer
 * @param target share of the original MACs
 * @param count how many plans; fewer come back where the space holds fewer, none where it is empty
 */
export function encModelPlans(
  ladder: LevelLadder,
  qualities: readonly Float64Array[],
  target: number,
  space: ModelSpace,
  count: number,
): ModelPlan[] {
  const { problem } = ladder;
  const [low, high] = box(ladder, target, space);
  const logs = qualities.map((quality, layer) =>
    quality.slice(low[layer], high[layer] + 1).map((value) => Math.log(Math.max(value, leastQuality))),
  );
  return boundedSearch(problem, logs, low, high, target, space.slack, count).map((choices) => {
    const plan = planOfChoices(problem, 'model', target, choices);
    return {
      ...plan,
      quality: qualities.reduce((product, quality, layer) => product * quality[choices[layer]], 1),
    };
  });
}

/** First and last choice of every layer that the space holds. */
function box(
  { problem, ...ladder }: LevelLadder,
  target: number,
  { spread }: ModelSpace,
): [Int32Array, Int32Array] {
  if (spread === null) {
    const last = Int32Array.from(problem.layers, (layer) => layer.macs.length - 1);
    return [new Int32Array(problem.layers.length), last];
  }
  const at = (share: number) => planAtTarget({ problem, ...ladder }, 'map', share).choices;
  const low = at(target - spread);
  const high = at(target + spread);
  // What rounding left over may lift a layer of the lower plan above the higher one's.
  return [
    low.map((choice, layer) => Math.min(choice, high[layer])),
    high.map((choice, layer) => Math.max(choice, low[layer])),
  ];
}

/**
 * Maximises a sum of values over layers within a box and a band of cost.
 *
 * @param values of the choices low … high of each layer
 * @returns choices per layer, best first
 */
export function boundedSearch(
  problem: SelectionProblem,
  values: readonly Float64Array[],
  low: Int32Array,
  high: Int32Array,
  target: number,
  slack: number,
  count: number,
): Int32Array[] {
  const { layers, keptMacs, totalMacs } = problem;
  const floor = layers.reduce((sum, layer, index) => sum + layer.macs[low[index]], keptMacs);
  const budget = target * totalMacs * (1 + 1e-12) - floor;
  if (budget < 0) return [];
  const steps = layers.map((layer, index) =>
    layer.macs.slice(low[index], high[index] + 1).map((macs) => macs - layer.macs[low[index]]),
  );
  const cell = cellSize(steps, budget);
  const searched = steps.map((macs, index): SearchLayer => {
    // Rounding up keeps every plan within the target where cells are not exact.
    return { cells: Int32Array.from(macs, (cost) => Math.ceil(cost / cell - 1e-9)), values: values[index] };
  });
  // Layers of little range last: the table is filled from the end, and stays short while its reach is short.
  const order = searched.map((_, index) => index).sort((a, b) => range(searched[b]) - range(searched[a]));
  const table = searchTable(
    order.map((index) => searched[index]),
    Math.floor(budget / cell + 1e-9),
  );
  const least = Math.ceil((budget - slack * target * totalMacs) / cell - 1e-9);
  return bestAnswers(table, least, table.cells, count).map((answer) => {
    const choices = new Int32Array(layers.length);
    order.forEach((layer, position) => (choices[layer] = low[layer] + answer.choices[position]));
    return choices;
  });
}

const range = ({ cells }: SearchLayer): number => cells[cells.length - 1];

/** The greatest common divisor of all costs, or a larger cell where that would take too many. */
function cellSize(steps: readonly Float64Array[], budget: number): number {
  let divisor = 0;
  for (const macs of steps)
    for (const cost of macs) divisor = greatestCommonDivisor(divisor, Math.round(cost));
  return Math.max(divisor, 1, budget / mostCells);
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
