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
  /** Rows 0 … L, each `cells + 1` long; row L is 0 at 0 cells. */
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
 * Fills the table by dynamic programming over cost, last layer first.
 *
 * @param cells greatest total cost of interest
 */
export function searchTable(layers: readonly SearchLayer[], cells: number): SearchTable {
  const best: Float64Array[] = Array.from({ length: layers.length + 1 });
  best[layers.length] = new Float64Array(cells + 1).fill(-Infinity);
  best[layers.length][0] = 0;
  let reach = 0;
  for (let index = layers.length - 1; index >= 0; index--) {
    best[index] = addLayer(layers[index], best[index + 1], reach);
    reach = Math.min(cells, reach + layers[index].cells.reduce((most, cost) => Math.max(most, cost), 0));
  }
  return { layers, best, cells };
}

/** @param reach no entry of `rest` beyond it is finite, so there is nothing to look at */
function addLayer(layer: SearchLayer, rest: Float64Array, reach: number): Float64Array {
  const row = new Float64Array(rest.length).fill(-Infinity);
  for (let choice = 0; choice < layer.cells.length; choice++) {
    const cost = layer.cells[choice];
    const value = layer.values[choice];
    const last = Math.min(reach, rest.length - 1 - cost);
    for (let cells = 0; cells <= last; cells++) {
      const candidate = rest[cells] + value;
      if (candidate > row[cells + cost]) row[cells + cost] = candidate;
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
  for (let cells = Math.min(to, table.cells); cells >= Math.max(from, 0); cells--) {
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
    if (cellsLeft < 0 || rest[cellsLeft] === -Infinity) continue;
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
