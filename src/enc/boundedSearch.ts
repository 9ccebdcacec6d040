import { bestAnswers, searchTable, type SearchLayer } from './exactSearch';
import { lagrangeBound, type LagrangeBound } from './lagrangeBound';
import type { SelectionProblem } from './problem';

/**
 * Most cells that cost is counted in. Cells are the greatest common divisor of all costs and so exact, unless
 * that takes more than this many; a cost is then rounded up to the next cell, so that no plan exceeds its target
 * but a few near-optimal ones may be missed.
 */
const mostCells = 1 << 16;

/**
 * Maximises a sum of values over layers within a box of choices and a band of cost, exactly.
 *
 * A Lagrangian bound first removes the choices that cannot be part of any answer within a gap of the optimum;
 * what is left is searched by dynamic programming. Where the search does not find enough answers within the
 * gap, the gap is widened, so nothing is lost by it.
 *
 * @param values of the choices low … high of each layer
 * @param slack the cost is at least (1 − slack) of the target
 * @param count how many answers
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
  const wanted = target * problem.totalMacs;
  const budget = wanted * (1 + 1e-12) - problem.keptMacs;
  const costs = problem.layers.map((layer, index) => layer.macs.subarray(low[index], high[index] + 1));
  const band = { least: budget - slack * wanted, most: budget };
  const bound = lagrangeBound(costs, values, budget);
  for (let gap = firstGap(bound); ; gap *= 8) {
    const isWhole = !(gap < bound.greatestLoss);
    const kept = bound.losses.map((losses) => positionsWithin(losses, isWhole ? Infinity : gap));
    const answers = searchKept(costs, values, kept, band, count);
    const last = answers[count - 1];
    if (isWhole || (last && last.value >= bound.value - gap)) {
      return answers.map(({ choices }) => choices.map((choice, layer) => choice + low[layer]));
    }
  }
}

/** A gap that usually suffices: a few hundredths of the values' scale per answer wanted, never nothing. */
function firstGap({ greatestLoss }: LagrangeBound): number {
  return Math.max(greatestLoss / 4096, 1e-9);
}

function positionsWithin(losses: Float64Array, gap: number): Int32Array {
  const positions: number[] = [];
  losses.forEach((loss, position) => {
    if (loss <= gap) positions.push(position);
  });
  return Int32Array.from(positions);
}

interface KeptAnswer {
  readonly choices: Int32Array;
  readonly value: number;
}

function searchKept(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  kept: readonly Int32Array[],
  band: { readonly least: number; readonly most: number },
  count: number,
): KeptAnswer[] {
  const floor = kept.reduce((sum, positions, layer) => sum + costs[layer][positions[0]], 0);
  const budget = band.most - floor;
  if (budget < 0) return [];
  const steps = kept.map((positions, layer) =>
    Float64Array.from(positions, (position) => costs[layer][position] - costs[layer][positions[0]]),
  );
  const reach = steps.reduce((sum, layer) => sum + layer[layer.length - 1], 0);
  const cell = cellSize(steps, Math.min(budget, reach));
  const layers = steps.map((macs, layer): SearchLayer => {
    const cells = Int32Array.from(macs, (cost) => Math.ceil(cost / cell - 1e-9));
    return { cells, values: Float64Array.from(kept[layer], (position) => values[layer][position]) };
  });
  // Layers of little range last: the table is filled from the end, and stays short while its reach is short.
  const order = layers.map((_, layer) => layer).sort((a, b) => range(layers[b]) - range(layers[a]));
  const most = Math.floor(Math.min(budget, reach) / cell + 1e-9);
  const table = searchTable(
    order.map((layer) => layers[layer]),
    most,
  );
  const least = Math.ceil((band.least - floor) / cell - 1e-9);
  return bestAnswers(table, least, most, count).map(({ choices, value }) => {
    const positions = new Int32Array(layers.length);
    order.forEach((layer, place) => (positions[layer] = kept[layer][choices[place]]));
    return { choices: positions, value };
  });
}

const range = ({ cells }: SearchLayer): number => cells[cells.length - 1];

/** The greatest common divisor of all costs, or a larger cell where that would take too many. */
function cellSize(steps: readonly Float64Array[], span: number): number {
  let divisor = 0;
  for (const macs of steps)
    for (const cost of macs) divisor = greatestCommonDivisor(divisor, Math.round(cost));
  return Math.max(divisor, 1, span / mostCells);
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
