import { addProduct } from './product';
import { transposeView, viewOf } from './view';

const BLOCK = 32;

/**
 * rows −= (rows·basisᵀ)·basis: removes what lies in the span of the basis.
 * @param rows count × length, row-major, changed in place
 * @param basis basisCount × length with orthonormal rows
 */
export function projectAway(
  rows: Float64Array,
  count: number,
  basis: Float64Array,
  basisCount: number,
  length: number,
): void {
  if (basisCount === 0 || count === 0) return;
  const basisView = viewOf(basis, basisCount, length);
  const rowsView = viewOf(rows, count, length);
  const overlaps = viewOf(new Float64Array(count * basisCount), count, basisCount);
  addProduct(overlaps, 1, rowsView, transposeView(basisView));
  addProduct(rowsView, -1, overlaps, basisView);
}

/**
 * Makes rows first…count of `rows` orthonormal among themselves and to the rows before them, which are so
 * already. Gram-Schmidt, each step twice ("twice is enough"), in blocks so that nearly all work is in matrix products.
 * @param rows count × length, row-major, changed in place
 * @returns the smallest share of its length that a row kept; near rounding error means that the rows were dependent
 *   and some result is arbitrary
 */
export function orthonormaliseRows(rows: Float64Array, first: number, count: number, length: number): number {
  let smallestShare = 1;
  for (let start = first; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    for (let k = start; k < end; k++) normaliseRow(rows, k, length);
    const block = rows.subarray(start * length, end * length);
    for (let pass = 0; pass < 2; pass++) {
      projectAway(block, end - start, rows.subarray(0, start * length), start, length);
    }
    for (let k = start; k < end; k++) {
      for (let pass = 0; pass < 2; pass++) removeRows(rows, k, start, length);
      smallestShare = Math.min(smallestShare, normaliseRow(rows, k, length));
    }
  }
  return smallestShare;
}

/** Modified Gram-Schmidt of row k against the rows from `start` before it. */
function removeRows(rows: Float64Array, k: number, start: number, length: number): void {
  const row = k * length;
  for (let other = start * length; other < row; other += length) {
    let overlap = 0;
    for (let i = 0; i < length; i++) overlap += rows[row + i] * rows[other + i];
    for (let i = 0; i < length; i++) rows[row + i] -= overlap * rows[other + i];
  }
}

/** @returns the length before scaling; a row of zeros stays as it is */
export function normaliseRow(rows: Float64Array, k: number, length: number): number {
  const norm = rowNorm(rows, k, length);
  if (norm > 0) scaleRow(rows, k, length, 1 / norm);
  return norm;
}

export function rowNorm(rows: Float64Array, k: number, length: number): number {
  let squares = 0;
  for (let i = k * length; i < (k + 1) * length; i++) squares += rows[i] * rows[i];
  return Math.sqrt(squares);
}

export function scaleRow(rows: Float64Array, k: number, length: number, factor: number): void {
  for (let i = k * length; i < (k + 1) * length; i++) rows[i] *= factor;
}
