import type { MatrixView } from './view';

/** Which entries of the result a product fills: all, or those with column ≤ row (a symmetric result). */
export type ProductShape = 'full' | 'lower';

// A 4×4 tile of the result stays in registers while it runs along packed panels. A block of the left factor
// (64 KiB) and one of the right (512 KiB) stay in the second-level cache.
const TILE = 4;
const INNER_BLOCK = 256;
const ROW_BLOCK = 32;
const COLUMN_BLOCK = 256;

// One pair of packing buffers for each thread; a product never runs inside another.
const leftPanels = new Float64Array(ROW_BLOCK * INNER_BLOCK);
const rightPanels = new Float64Array(COLUMN_BLOCK * INNER_BLOCK);
const tile = new Float64Array(TILE * TILE);

/**
 * result += factor · left · right, tiled for registers and caches. Transposed factors are views, so this one
 * product serves them all. `result` must not overlap the factors.
 * @param shape 'lower' touches only entries with column ≤ row, about half the work
 * @throws RangeError when the shapes do not fit
 */
export function addProduct(
  result: MatrixView,
  factor: number,
  left: MatrixView,
  right: MatrixView,
  shape: ProductShape = 'full',
): void {
  const inner = left.columns;
  if (right.rows !== inner || result.rows !== left.rows || result.columns !== right.columns) {
    throw new RangeError(
      `addProduct: expected matching shapes, got ${left.rows}×${left.columns} times ` +
        `${right.rows}×${right.columns} into ${result.rows}×${result.columns}`,
    );
  }
  for (let innerStart = 0; innerStart < inner; innerStart += INNER_BLOCK) {
    const depth = Math.min(INNER_BLOCK, inner - innerStart);
    for (let column = 0; column < result.columns; column += COLUMN_BLOCK) {
      const width = Math.min(COLUMN_BLOCK, result.columns - column);
      packPanels(rightPanels, right, column, width, right.columnStride, innerStart, depth, right.rowStride);
      const firstRow = shape === 'lower' ? column : 0;
      for (let row = firstRow; row < result.rows; row += ROW_BLOCK) {
        const height = Math.min(ROW_BLOCK, result.rows - row);
        packPanels(leftPanels, left, row, height, left.rowStride, innerStart, depth, left.columnStride);
        addBlock(result, factor, row, height, column, width, depth, shape);
      }
    }
  }
}

/**
 * Copies `count` lines (rows of the left factor, columns of the right) over the inner range in groups of
 * four, interleaved as the kernel reads them; missing lines of the last group are zeros.
 */
function packPanels(
  panels: Float64Array,
  source: MatrixView,
  firstLine: number,
  count: number,
  lineStride: number,
  innerStart: number,
  depth: number,
  innerStride: number,
): void {
  const { data } = source;
  const start = source.offset + firstLine * lineStride + innerStart * innerStride;
  let target = 0;
  for (let line = 0; line < count; line += TILE) {
    let at = start + line * lineStride;
    const end = target + depth * TILE;
    if (count - line >= TILE) {
      for (; target < end; target += TILE, at += innerStride) {
        panels[target] = data[at];
        panels[target + 1] = data[at + lineStride];
        panels[target + 2] = data[at + 2 * lineStride];
        panels[target + 3] = data[at + 3 * lineStride];
      }
      continue;
    }
    for (; target < end; target += TILE, at += innerStride) {
      for (let q = 0; q < TILE; q++) panels[target + q] = q < count - line ? data[at + q * lineStride] : 0;
    }
  }
}

/** Adds the product of the packed blocks to the result's block at (row, column). */
function addBlock(
  result: MatrixView,
  factor: number,
  row: number,
  height: number,
  column: number,
  width: number,
  depth: number,
  shape: ProductShape,
): void {
  for (let i = 0; i < height; i += TILE) {
    const lastRow = row + Math.min(i + TILE, height) - 1;
    for (let j = 0; j < width; j += TILE) {
      if (shape === 'lower' && column + j > lastRow) break;
      multiplyPanels(i * depth, j * depth, depth);
      const rows = Math.min(TILE, height - i);
      const columns = Math.min(TILE, width - j);
      const diagonal = shape === 'lower' && column + j + columns - 1 > row + i;
      addTile(result, factor, row + i, rows, column + j, columns, diagonal);
    }
  }
}

function addTile(
  result: MatrixView,
  factor: number,
  row: number,
  rows: number,
  column: number,
  columns: number,
  diagonal: boolean,
): void {
  const { data, rowStride, columnStride } = result;
  if (rows === TILE && columns === TILE && columnStride === 1 && !diagonal) {
    addWholeTile(data, result.offset + row * rowStride + column, rowStride, factor);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const width = diagonal ? Math.min(columns, row + i - column + 1) : columns;
    let at = result.offset + (row + i) * rowStride + column * columnStride;
    for (let j = 0; j < width; j++, at += columnStride) data[at] += factor * tile[i * TILE + j];
  }
}

function addWholeTile(data: Float64Array, start: number, rowStride: number, factor: number): void {
  for (let i = 0, at = start; i < TILE * TILE; i += TILE, at += rowStride) {
    data[at] += factor * tile[i];
    data[at + 1] += factor * tile[i + 1];
    data[at + 2] += factor * tile[i + 2];
    data[at + 3] += factor * tile[i + 3];
  }
}

/** tile = (4 left lines) · (4 right lines), both interleaved; sixteen sums that V8 keeps in registers. */
function multiplyPanels(leftStart: number, rightStart: number, depth: number): void {
  const left = leftPanels;
  const right = rightPanels;
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  const end = leftStart + depth * TILE;
  for (let p = leftStart, q = rightStart; p < end; p += TILE, q += TILE) {
    const r0 = right[q],
      r1 = right[q + 1],
      r2 = right[q + 2],
      r3 = right[q + 3];
    const l0 = left[p];
    s00 += l0 * r0;
    s01 += l0 * r1;
    s02 += l0 * r2;
    s03 += l0 * r3;
    const l1 = left[p + 1];
    s10 += l1 * r0;
    s11 += l1 * r1;
    s12 += l1 * r2;
    s13 += l1 * r3;
    const l2 = left[p + 2];
    s20 += l2 * r0;
    s21 += l2 * r1;
    s22 += l2 * r2;
    s23 += l2 * r3;
    const l3 = left[p + 3];
    s30 += l3 * r0;
    s31 += l3 * r1;
    s32 += l3 * r2;
    s33 += l3 * r3;
  }
  tile[0] = s00;
  tile[1] = s01;
  tile[2] = s02;
  tile[3] = s03;
  tile[4] = s10;
  tile[5] = s11;
  tile[6] = s12;
  tile[7] = s13;
  tile[8] = s20;
  tile[9] = s21;
  tile[10] = s22;
  tile[11] = s23;
  tile[12] = s30;
  tile[13] = s31;
  tile[14] = s32;
  tile[15] = s33;
}
