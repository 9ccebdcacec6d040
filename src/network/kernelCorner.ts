import type { LayerFactors } from './factors';
import type { GraphNode } from './graph';
import { requireLayer } from './layerNodes';
import { unfoldedColumns, unfoldedRows, unfoldingOf } from './unfolding';

/** Sizes of what is looked at: at most so many rows, columns and filters between the factors. */
export interface CornerSizes {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
}

/** The upper left corner of a layer's unfolded kernel, beside its factors; of a grouped layer, of its first group. */
export interface KernelCorner {
  /** Of the corner; those of the whole matrix are in `whole`. */
  readonly rows: number;
  readonly columns: number;
  /** Filters of the factors, from the one with the greatest singular value. */
  readonly rank: number;
  readonly whole: { readonly rows: number; readonly columns: number; readonly groups: number };
  /** rows × columns, row-major. */
  readonly kernel: Float32Array;
  /** rows × rank, row-major. */
  readonly first: Float32Array;
  /** rank × columns, row-major. */
  readonly second: Float32Array;
}

/**
 * What there is to see of a layer's kernel and its factors, small enough to be drawn.
 *
 * @param factors of the layer; what they do not reach is left out
 * @throws FailureError `invalid-request` where the node is no layer, or the factors are of another kind of layer
 */
export function kernelCorner(node: GraphNode, factors: LayerFactors, most: CornerSizes): KernelCorner {
  const unfolding = unfoldingOf(requireLayer(node), factors.factorisation);
  const { kernel, groups, inputs, outputs, secondTaps } = unfolding;
  const whole = { rows: unfoldedRows(unfolding), columns: unfoldedColumns(unfolding), groups };
  const rows = Math.min(most.rows, whole.rows);
  const columns = Math.min(most.columns, whole.columns);
  const rank = Math.min(most.rank, factors.rank);
  const corner = new Float32Array(rows * columns);
  const first = new Float32Array(rows * rank);
  const second = new Float32Array(rank * columns);
  for (let row = 0; row < rows; row++) {
    // Rows are (first tap, input), columns (second tap, output).
    const [tap, input] = [Math.floor(row / inputs), row % inputs];
    for (let column = 0; column < columns; column++) {
      const [other, output] = [Math.floor(column / outputs), column % outputs];
      const at = ((tap * secondTaps + other) * inputs + input) * groups * outputs + output;
      corner[row * columns + column] = kernel.data[at]!;
    }
    const from = row * groups * factors.rank;
    first.set(factors.first.data.subarray(from, from + rank), row * rank);
  }
  for (let column = 0; column < columns; column++) {
    const [tap, output] = [Math.floor(column / outputs), column % outputs];
    for (let k = 0; k < rank; k++)
      second[k * columns + column] =
        factors.second.data[(tap * factors.rank + k) * groups * outputs + output]!;
  }
  return { rows, columns, rank, whole, kernel: corner, first, second };
}

/**
 * The product of the leading filters of both factors, rows × columns, row-major: what a rank leaves of the corner.
 *
 * @param rank at most the corner's
 */
export function cornerAtRank({ rows, columns, rank: all, first, second }: KernelCorner, rank: number) {
  const product = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < Math.min(rank, all); k++) {
      const weight = first[row * all + k]!;
      for (let column = 0; column < columns; column++)
        product[row * columns + column]! += weight * second[k * columns + column]!;
    }
  return product;
}
