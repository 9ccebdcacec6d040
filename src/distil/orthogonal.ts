import { transpose } from '../linalg/matrix';
import { addProduct } from '../linalg/product';
import { transposeView, viewOf } from '../linalg/view';

/** An odd polynomial that brings singular values from 0…1 near 1 within few steps (Jordan and others, "Muon", 2024). */
const [linear, cubic, quintic] = [3.4445, -4.775, 2.0315] as const;
const iterations = 5;

/**
 * The matrix with the same singular vectors, all of whose singular values are about 1 (0.7 to 1.2) but for those below some
 * thousandth of all, by Newton and Schulz's iteration, which takes matrix products alone.
 *
 * @param matrix rows × columns, row-major; of zeros it answers zeros
 */
export function orthogonalised(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const isTall = rows > columns;
  const [height, width] = isTall ? [columns, rows] : [rows, columns];
  let wide = isTall ? transpose(matrix, rows, columns) : matrix.slice();
  let squares = 0;
  for (const value of wide) squares += value * value;
  const size = Math.sqrt(squares);
  if (!(size > 0)) return new Float64Array(matrix.length);
  for (let at = 0; at < wide.length; at++) wide[at]! /= size;
  for (let round = 0; round < iterations; round++) wide = improved(wide, height, width);
  return isTall ? transpose(wide, height, width) : wide;
}

/** a·X + (b·G + c·G²)·X with G = X·Xᵀ. */
function improved(wide: Float64Array, height: number, width: number): Float64Array {
  const view = viewOf(wide, height, width);
  const gram = new Float64Array(height * height);
  addProduct(viewOf(gram, height, height), 1, view, transposeView(view));
  const factor = gram.map((value) => cubic * value);
  const gramView = viewOf(gram, height, height);
  addProduct(viewOf(factor, height, height), quintic, gramView, gramView);
  const next = wide.map((value) => linear * value);
  addProduct(viewOf(next, height, width), 1, viewOf(factor, height, height), view);
  return next;
}
