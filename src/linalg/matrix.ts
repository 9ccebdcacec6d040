import { addProduct } from './product';
import { requireLength, transposeView, viewOf } from './view';

/**
 * left · right, row-major Float64.
 * @param left rows × inner
 * @param right inner × columns
 * @returns rows × columns
 * @throws RangeError when an array's length does not fit
 */
export function multiply(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns);
  addProduct(viewOf(result, rows, columns), 1, viewOf(left, rows, inner), viewOf(right, inner, columns));
  return result;
}

/**
 * left · rightᵀ.
 * @param left rows × inner
 * @param right columns × inner
 * @returns rows × columns
 * @throws RangeError when an array's length does not fit
 */
export function multiplyTransposed(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns);
  const rightTransposed = transposeView(viewOf(right, columns, inner));
  addProduct(viewOf(result, rows, columns), 1, viewOf(left, rows, inner), rightTransposed);
  return result;
}

/**
 * leftᵀ · right.
 * @param left inner × rows
 * @param right inner × columns
 * @returns rows × columns
 * @throws RangeError when an array's length does not fit
 */
export function transposedMultiply(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns);
  const leftTransposed = transposeView(viewOf(left, inner, rows));
  addProduct(viewOf(result, rows, columns), 1, leftTransposed, viewOf(right, inner, columns));
  return result;
}

/** Copies the lower triangle of a size × size matrix over its upper one. */
export function mirrorLower(matrix: Float64Array, size: number): void {
  const block = 32;
  // In blocks, since the column-wise writes of a large matrix would miss the cache every time.
  for (let top = 0; top < size; top += block) {
    for (let left = 0; left <= top; left += block) {
      for (let i = top; i < Math.min(top + block, size); i++) {
        for (let j = left; j < Math.min(left + block, i); j++) matrix[j * size + i] = matrix[i * size + j];
      }
    }
  }
}

/**
 * The transpose of a rows × columns matrix, times a factor, as a new array or in one that is given, in Float64 whatever
 * the input.
 * @throws RangeError when an array's length does not fit
 */
export function transpose(
  matrix: Float32Array | Float64Array,
  rows: number,
  columns: number,
  result: Float64Array = new Float64Array(rows * columns),
  factor = 1,
): Float64Array {
  requireLength('transpose', matrix, rows, columns);
  requireLength('transpose', result, columns, rows);
  const block = 32;
  for (let top = 0; top < rows; top += block) {
    for (let left = 0; left < columns; left += block) {
      const bottom = Math.min(top + block, rows);
      const right = Math.min(left + block, columns);
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) result[j * rows + i] = factor * matrix[i * columns + j];
      }
    }
  }
  return result;
}
