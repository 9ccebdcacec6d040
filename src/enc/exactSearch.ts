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

/**
 * Fills the table by dynamic programming over cost, last layer first.
 *
 * @param cells greatest total cost of interest
 * @param floor null looks at everything
 */
export function searchTable(
  layers: readonly SearchLayer[],
  cells: number,
  floor: SearchFloor | null = null,
): SearchTable {
  const best: Float64Array[] = Array.from({ length: layers.length + 1 });
  best[layers.length] = new Float64Array(1);
  for (let index = layers.length - 1; index >= 0; index--) {
    const base = floor ? floor.base[index + 1] : -Infinity;
    best[index] = addLayer(layers[index], best[index + 1], cells, base, floor?.slope ?? 0);
  }
  return { layers, best, cells };
}

function addLayer(
  { cells, values }: SearchLayer,
  rest: Float64Array,
  max: number,
  base: number,
  slope: number,
): Float64Array {
  const reach = rest.length - 1 + cells.reduce((dearest, cost) => Math.max(dearest, cost), 0);
  const row = new Float64Array(Math.min(max, reach) + 1).fill(-Infinity);
  // Few entries of a row are finite and above the floor, so the choices are the inner loop.
  for (let from = 0; from < rest.length; from++) {
    const value = rest[from];
    if (value === -Infinity || value < base + slope * from) continue;
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
  readonly value: number;
  readonly choice: number;
  readonly before: Partial | null;
}

/**
 * The best answers in order, exactly: best-first search with the table as the exact bound of what is still to
 * come, so that only partial answers that lead to one of the results are ever opened.
 *
 * @param from least total cells
 * @param to most total cells, at most the table's
 * @param count how many answers; fewer come back where there are fewer
 */
export function bestAnswers(table: SearchTable, from: number, to: number, count: number): SearchAnswer[] {
  const { layers, best } = table;
  const queue = new BestFirstQueue<Partial>();
  for (let cells = Math.min(to, best[0].length - 1); cells >= Math.max(from, 0); cells--) {
    if (best[0][cells] === -Infinity) continue;
    queue.push(best[0][cells], { layer: 0, cellsLeft: cells, value: 0, choice: -1, before: null });
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

function expand(partial: Partial, { layers, best }: SearchTable, queue: BestFirstQueue<Partial>): void {
  const { cells, values } = layers[partial.layer];
  const rest = best[partial.layer + 1];
  for (let choice = 0; choice < cells.length; choice++) {
    const cellsLeft = partial.cellsLeft - cells[choice];
    if (cellsLeft < 0 || cellsLeft >= rest.length || rest[cellsLeft] === -Infinity) continue;
    const value = partial.value + values[choice];
    queue.push(value + rest[cellsLeft], {
      layer: partial.layer + 1,
      cellsLeft,
      value,
      choice,
      before: partial,
    });
  }
}

function answerOf(last: Partial, layers: readonly SearchLayer[]): SearchAnswer {
  const choices = new Int32Array(layers.length);
  let cells = 0;
  for (let partial: Partial = last; partial.before; partial = partial.before) {
    choices[partial.layer - 1] = partial.choice;
    cells += layers[partial.layer - 1].cells[partial.choice];
  }
  return { choices, value: last.value, cells };
}
