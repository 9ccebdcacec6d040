import { BestFirstQueue } from './bestFirstQueue';

/** One layer of a search: its choices, each with a cost in cells and a value to be summed. */
export interface SearchLayer {
  /** Cost of each choice in whole cells, not negative. */
  readonly cells: Int32Array;
  /** Value of each choice; greater is better. */
  readonly values: Float64Array;
}

/**
 * For every layer l and every number of cells b, the greatest value that layers l … L − 1 reach when they cost
 * exactly b cells together; −∞ where they cannot. It does not depend on the target.
 */
export interface SearchTable {
  readonly layers: readonly SearchLayer[];
  /** Rows 0 … L, each as long as its layers reach and at most `cells + 1`; row L is 0 at 0 cells. */
  readonly best: readonly Float64Array[];
  readonly cells: number;
  /** What was not looked at when the table was filled. */
  readonly floor: SearchFloor | null;
}

/** One answer: a choice per layer, the sum of their values and of their cells. */
export interface SearchAnswer {
  readonly choices: Int32Array;
  readonly value: number;
  readonly cells: number;
}

/**
 * What a value must reach to be looked at: in row l at b cells at least `base[l] + slope · b`. What lies below
 * cannot be part of an answer within the gap that a bound was drawn for.
 */
export interface SearchFloor {
  readonly base: Float64Array;
  readonly slope: number;
}

/** How much more may be looked at; whoever looks takes it off. */
export interface Effort {
  left: number;
}

/**
 * Fills the table by dynamic programming over cost, last layer first.
 *
 * @param cells greatest total cost of interest
 * @param floor null looks at everything
 * @param effort additions that may be tried, and entries that may be kept
 * @returns null where the effort was used up before the table was filled
 */
export function searchTable(
  layers: readonly SearchLayer[],
  cells: number,
  floor: SearchFloor | null,
  effort: Effort,
): SearchTable | null {
  const best: Float64Array[] = Array.from({ length: layers.length + 1 });
  best[layers.length] = new Float64Array(1);
  for (let index = layers.length - 1; index >= 0; index--) {
    const base = floor ? floor.base[index + 1] : -Infinity;
    const row = addLayer(layers[index], best[index + 1], cells, base, floor?.slope ?? 0, effort);
    if (!row) return null;
    best[index] = row;
  }
  return { layers, best, cells, floor };
}

function addLayer(
  { cells, values }: SearchLayer,
  rest: Float64Array,
  max: number,
  base: number,
  slope: number,
  effort: Effort,
): Float64Array | null {
  const reach = rest.length - 1 + cells.reduce((dearest, cost) => Math.max(dearest, cost), 0);
  const length = Math.min(max, reach) + 1;
  effort.left -= length;
  if (effort.left < 0) return null;
  const row = new Float64Array(length).fill(-Infinity);
  // Few entries of a row are finite and above the floor, so the choices are the inner loop.
  for (let from = 0; from < rest.length; from++) {
    const value = rest[from];
    if (value === -Infinity || value < base + slope * from) continue;
    effort.left -= cells.length;
    if (effort.left < 0) return null;
    for (let choice = 0; choice < cells.length; choice++) {
      const to = from + cells[choice];
      const candidate = value + values[choice];
      if (to < row.length && candidate > row[to]) row[to] = candidate;
    }
  }
  return row;
}

/** A partial answer: the choices of the first layers, linked backwards. */
interface Partial {
  readonly layer: number;
  readonly cellsLeft: number;
  /** How far its best completion lies under the best answer. */
  readonly loss: number;
  readonly choice: number;
  readonly before: Partial | null;
}

/**
 * The best answers in order, exactly: best-first search with the table as the exact bound of what is still to
 * come, so that only partial answers that lead to one of the results are ever opened.
 *
 * What orders them is what each choice loses against the table, not the sum of values: the table's own choice
 * loses exactly nothing, so that a path along it stays in front, whereas sums of many values differ by rounding
 * and let every one of exponentially many equal answers be opened before the first of them ends.
 *
 * @param from least total cells
 * @param to most total cells, at most the table's
 * @param count how many answers; fewer come back where there are fewer
 */
export function bestAnswers(table: SearchTable, from: number, to: number, count: number): SearchAnswer[] {
  const { layers, best } = table;
  const queue = new BestFirstQueue<Partial>();
  const [least, most] = [Math.max(from, 0), Math.min(to, best[0].length - 1)];
  const top = best[0].subarray(least, most + 1).reduce((a, b) => Math.max(a, b), -Infinity);
  for (let cells = least; cells <= most; cells++) {
    const loss = top - best[0][cells];
    if (loss < Infinity) queue.push(-loss, { layer: 0, cellsLeft: cells, loss, choice: -1, before: null });
  }
  const answers: SearchAnswer[] = [];
  while (answers.length < count) {
    const partial = queue.pop();
    if (!partial) break;
    if (partial.layer === layers.length) answers.push(answerOf(partial, layers));
    else expand(partial, table, queue);
  }
  return answers;
}

function expand(partial: Partial, table: SearchTable, queue: BestFirstQueue<Partial>): void {
  const { layer, cellsLeft } = partial;
  const { cells, values } = table.layers[layer];
  const rest = table.best[layer + 1];
  const best = table.best[layer][cellsLeft];
  // Of equals the one pushed last comes first, which is to be the cheapest choice.
  for (let choice = cells.length - 1; choice >= 0; choice--) {
    const left = cellsLeft - cells[choice];
    if (left < 0 || left >= rest.length || !isOpen(table.floor, layer + 1, left, rest[left])) continue;
    const loss = partial.loss + (best - (rest[left] + values[choice]));
    queue.push(-loss, { layer: layer + 1, cellsLeft: left, loss, choice, before: partial });
  }
}

/** Whether the table looked at an entry of a row. */
function isOpen(floor: SearchFloor | null, row: number, cells: number, value: number): boolean {
  return value !== -Infinity && !(floor && value < floor.base[row] + floor.slope * cells);
}

function answerOf(last: Partial, layers: readonly SearchLayer[]): SearchAnswer {
  const choices = new Int32Array(layers.length);
  let [cells, value] = [0, 0];
  for (let partial: Partial = last; partial.before; partial = partial.before) {
    const layer = layers[partial.layer - 1];
    choices[partial.layer - 1] = partial.choice;
    cells += layer.cells[partial.choice];
    value += layer.values[partial.choice];
  }
  return { choices, value, cells };
}
