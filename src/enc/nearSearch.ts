import { bestAnswers, searchTable } from './exactSearch';
import { filledUp, valueOf, type CostBand } from './filledUp';
import { positionsWithin, withMargin, type LagrangeBound } from './lagrangeBound';

/**
 * What a search that follows one that was too long may spend, as a share of what that might, in cells as coarse as that
 * takes, and no more than these.
 */
const coarseShare = 0.4;
const coarseCells = 8192;

/** What a search has found. */
export interface FoundChoices {
  /** Choices per layer, best first. */
  readonly answers: readonly Int32Array[];
  /**
   * No answer has a sum greater by more than this than the first: 0 where everything was looked at, else what is left to
   * a bound.
   */
  readonly gap: number;
}

/**
 * Answers near the bound: the same search in coarser cells, to which costs are rounded up or down so that errors of many
 * layers cancel; what then costs too much is looked for below, and what is left of the budget is spent on what gains.
 */
export function nearlyBest(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  bound: LagrangeBound,
  band: CostBand,
  count: number,
  greedy: Int32Array | null,
  most: number,
): FoundChoices {
  const known = greedy ? withMargin(bound.value - valueOf(values, greedy)) : Infinity;
  const kept = bound.losses.map((losses, layer) =>
    undominated(positionsWithin(losses, known), values[layer]),
  );
  const found = coarseAnswers(costs, values, kept, band, count, coarseShare * most);
  const answers = (greedy ? [...found, greedy] : found)
    .map((choices) => filledUp(costs, values, choices, band.max))
    .filter((choices) => valueOf(costs, choices) >= band.min)
    .map((choices) => ({ choices, value: valueOf(values, choices) }))
    .sort((a, b) => b.value - a.value);
  const texts = new Set<string>();
  const own = answers.filter(({ choices }) => texts.size < texts.add(choices.join()).size).slice(0, count);
  const gap = own.length > 0 ? Math.max(0, bound.value - own[0].value) : 0;
  return { answers: own.map(({ choices }) => choices), gap };
}

/** Without choices that a cheaper one is worth as much as. */
function undominated(positions: Int32Array, values: Float64Array): Int32Array {
  let most = -Infinity;
  return positions.filter((position) => {
    const isBetter = values[position] > most;
    if (isBetter) most = values[position];
    return isBetter;
  });
}

/** Answers of a search in few cells that cost no more than the budget. */
function coarseAnswers(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  kept: readonly Int32Array[],
  { max }: CostBand,
  count: number,
  most: number,
): Int32Array[] {
  const floor = kept.reduce((sum, positions, layer) => sum + costs[layer][positions[0]], 0);
  if (max < floor) return [];
  const choices = kept.reduce((sum, { length }) => sum + length, 0);
  const number = Math.min(coarseCells, Math.max(256, Math.floor(most / choices)));
  const cell = Math.max((max - floor) / number, Number.MIN_VALUE);
  const layers = kept.map((positions, layer) => ({
    cells: Int32Array.from(positions, (at) =>
      // Beyond the budget nothing has to be told apart.
      Math.round(Math.min(costs[layer][at] - costs[layer][positions[0]], 2 * (max - floor)) / cell),
    ),
    values: Float64Array.from(positions, (position) => values[layer][position]),
  }));
  const all = Math.round((max - floor) / cell);
  const table = searchTable(layers, all, null, { left: Infinity })!;
  const within = (cells: number, wanted: number) =>
    bestAnswers(table, 0, cells, wanted).map((answer) =>
      answer.choices.map((choice, layer) => kept[layer][choice]),
    );
  // Layers whose costs were rounded down together may seem to fit where they do not.
  for (let to = all; to >= 0;) {
    const [best] = within(to, 1);
    const beyond = valueOf(costs, best) - max;
    if (beyond <= 0) return within(to, count).filter((answer) => valueOf(costs, answer) <= max);
    to -= Math.max(1, Math.floor(beyond / cell / 2));
  }
  return [];
}
