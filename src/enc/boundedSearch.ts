import { isRising, risingChoices, type Budget } from './costs';
import { bestAnswers, searchTable, type Effort, type SearchFloor, type SearchLayer } from './exactSearch';
import { filledUp, valueOf, type CostBand } from './filledUp';
import { lagrangeBound, positionsWithin, withMargin, type LagrangeBound } from './lagrangeBound';
import { nearlyBest, type FoundChoices } from './nearSearch';
import type { SelectionProblem } from './problem';

/**
 * Most cells that cost is counted in. Cells are the greatest common divisor of all costs and so exact, unless
 * that takes more than this many or some cost is no whole number; a cost is then rounded up to the next cell, so
 * that no plan exceeds its target but a few near-optimal ones may be missed.
 */
const maxCells = 1 << 16;

/**
 * Additions and entries of tables that an exact search may spend, a few tenths of a second: networks hardly ever take a
 * hundredth of it. But curves that gain in step with what they cost leave nothing to choose by, so that no bound removes
 * anything, and hundreds of such layers would take ten seconds.
 */
const mostSteps = 30_000_000;
/**
 * The same for a search between two frames of a page, a hundredth of a second; what that cuts short is to be gone on with
 * elsewhere.
 */
export const frameSteps = 1_000_000;
/**
 * Maximises a sum of values over layers within a box of choices and a band of cost, exactly where that takes no more
 * than {@link mostSteps} and else nearly, with the distance from the best that is proven. Choices that the
 * budget's cost makes pointless (see {@link risingChoices}) are left out of the box.
 *
 * A Lagrangian bound first removes the choices that cannot be part of any answer within a gap of the optimum;
 * what is left is searched by dynamic programming, which drops partial answers by the same bound. Where the
 * search does not find enough answers within the gap, the gap is widened, so nothing is lost by it.
 *
 * @param values of the choices low … high of each layer
 * @param budget what the whole network may cost
 * @param slack the cost is at least (1 − slack) of the budget
 * @param count how many answers
 * @param most steps that an exact search may take
 */
export function boundedSearch(
  problem: SelectionProblem,
  values: readonly Float64Array[],
  low: Int32Array,
  high: Int32Array,
  { cost, share }: Budget,
  slack: number,
  count: number,
  most: number = mostSteps,
): FoundChoices {
  const wanted = share * problem.totals[cost];
  const max = wanted * (1 + 1e-12) - problem.keptCosts[cost];
  const box = problem.layers.map(({ costs }, layer) => costs[cost].subarray(low[layer], high[layer] + 1));
  // Searches run in every frame of a drag, and costs rise nearly always.
  const rising = box.map((own) => (isRising(own) ? null : risingChoices(own)));
  const { answers, gap } = searchRising(
    box.map((own, layer) => picked(own, rising[layer])),
    values.map((own, layer) => picked(own, rising[layer])),
    { min: max - slack * wanted, max },
    count,
    most,
  );
  const whole = answers.map((choices) =>
    choices.map((choice, layer) => (rising[layer]?.[choice] ?? choice) + low[layer]),
  );
  return { answers: whole, gap };
}

/** @param positions null takes all */
function picked(values: Float64Array, positions: Int32Array | null): Float64Array {
  return positions ? Float64Array.from(positions, (position) => values[position]) : values;
}

/** The search proper, on choices whose cost rises strictly within each layer. */
function searchRising(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  band: CostBand,
  count: number,
  most: number,
): FoundChoices {
  const bound = lagrangeBound(costs, values, band.max);
  const greedy = greedyChoices(costs, values, bound, band);
  const known = greedy ? withMargin(bound.value - valueOf(values, greedy)) : Infinity;
  const effort = { left: most };
  for (let gap = Math.min(firstGap(bound), known); ;) {
    const isWhole = !(gap < bound.greatestLoss);
    const answers = searchKept(costs, values, bound, isWhole ? Infinity : gap, band, count, effort);
    if (!answers) return nearlyBest(costs, values, bound, band, count, greedy, most);
    const last = answers[count - 1];
    if (isWhole || (last && last.value >= bound.value - gap))
      return { answers: answers.map(({ choices }) => choices), gap: 0 };
    // The last answer that was found says exactly how far the others may lie away.
    if (last) gap = withMargin(bound.value - last.value);
    else gap = gap < known ? Math.min(gap * 8, known) : gap * 8;
  }
}

/**
 * The layers' favourites, with what they leave of the budget spent on the greatest gains that fit; null where that
 * misses the band.
 */
function greedyChoices(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  { favourites }: LagrangeBound,
  { min, max }: CostBand,
): Int32Array | null {
  const choices = filledUp(costs, values, favourites, max);
  const cost = valueOf(costs, choices);
  return cost > max || cost < min ? null : choices;
}

/** A gap that usually suffices: a small part of the values' scale, never nothing. */
function firstGap({ greatestLoss }: LagrangeBound): number {
  return Math.max(greatestLoss / 4096, 1e-9);
}

interface KeptAnswer {
  readonly choices: Int32Array;
  readonly value: number;
}

function searchKept(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  bound: LagrangeBound,
  gap: number,
  band: CostBand,
  count: number,
  effort: Effort,
): KeptAnswer[] | null {
  const kept = bound.losses.map((losses) => positionsWithin(losses, gap));
  const floor = kept.reduce((sum, positions, layer) => sum + costs[layer][positions[0]], 0);
  const budget = band.max - floor;
  if (budget < 0) return [];
  const steps = kept.map((positions, layer) =>
    Float64Array.from(positions, (position) => costs[layer][position] - costs[layer][positions[0]]),
  );
  const reach = steps.reduce((sum, layer) => sum + layer[layer.length - 1], 0);
  const cell = cellSize(steps, Math.min(budget, reach));
  const layers = steps.map((step, layer): SearchLayer => {
    const cells = Int32Array.from(step, (cost) => Math.ceil(cost / cell - 1e-9));
    return { cells, values: Float64Array.from(kept[layer], (position) => values[layer][position]) };
  });
  // Layers of little range last: the table is filled from the end, and stays short while its reach is short.
  const order = layers.map((_, layer) => layer).sort((a, b) => range(layers[b]) - range(layers[a]));
  const max = Math.floor(Math.min(budget, reach) / cell + 1e-9);
  const table = searchTable(
    order.map((layer) => layers[layer]),
    max,
    Number.isFinite(gap) ? floorOf(order, costs, kept, bound, gap, band.max, cell) : null,
    effort,
  );
  if (!table) return null;
  const min = Math.ceil((band.min - floor) / cell - 1e-9);
  return bestAnswers(table, min, max, count).map(({ choices, value }) => {
    const positions = new Int32Array(layers.length);
    order.forEach((layer, place) => (positions[layer] = kept[layer][choices[place]]));
    return { choices: positions, value };
  });
}

/**
 * The bound for the rows of a table: layers before the row at their favourites, those of the row at what its
 * cells cost at the least, the rest of the budget at the bound's price.
 */
function floorOf(
  order: readonly number[],
  costs: readonly Float64Array[],
  kept: readonly Int32Array[],
  { value, price, worths }: LagrangeBound,
  gap: number,
  budget: number,
  cell: number,
): SearchFloor {
  const base = new Float64Array(order.length + 1);
  // With no layer before the row, all costs are in its cells; every layer's cost was rounded up by a cell at most.
  let before = 0;
  let cheapest = order.reduce((sum, layer) => sum + costs[layer][kept[layer][0]], 0);
  order.forEach((layer, place) => {
    base[place] = value - gap - before - price * (budget - cheapest + (order.length - place) * cell);
    before += worths[layer];
    cheapest -= costs[layer][kept[layer][0]];
  });
  base[order.length] = -Infinity;
  return { base, slope: price * cell };
}

const range = ({ cells }: SearchLayer): number => cells[cells.length - 1];

/** The greatest common divisor of all costs, or a larger cell where there is none or it would take too many. */
function cellSize(steps: readonly Float64Array[], span: number): number {
  const divisor = commonDivisor(steps);
  const cell = Math.max(divisor ?? 0, span / maxCells);
  return cell > 0 ? cell : 1;
}

/** null where some cost is no whole number. */
function commonDivisor(steps: readonly Float64Array[]): number | null {
  let divisor = 0;
  for (const step of steps) {
    for (const cost of step) {
      const whole = Math.round(cost);
      // Shares of whole costs are off by rounding.
      if (Math.abs(cost - whole) > 1e-9 * whole) return null;
      divisor = greatestCommonDivisor(divisor, whole);
    }
  }
  return divisor;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
