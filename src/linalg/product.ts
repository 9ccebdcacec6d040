import type { MatrixView } from './view';
import {
  leftPanels,
  multiplyPanels,
  rightPanels,
  strip,
  INNER_BLOCK,
  ROW_BLOCK,
  COLUMN_BLOCK,
  TILE,
} from './panels';

/** Which entries of the result a product fills: all, or those with column ≤ row (a symmetric result). */
export type ProductShape = 'full' | 'lower';

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
    const rows = Math.min(TILE, height - i);
    const columns = shape === 'lower' ? Math.min(width, row + i + rows - column) : width;
    if (columns <= 0) continue;
    multiplyPanels(i * depth, 0, depth, Math.ceil(columns / TILE));
    for (let line = 0; line < rows; line++) {
      const own = shape === 'lower' ? Math.min(width, row + i + line + 1 - column) : width;
      addLine(result, factor, row + i + line, column, own, line * COLUMN_BLOCK);
    }
  }
}

/** Adds so many values of the strip, from `at` on, to a row of the result. */
function addLine(
  { data, offset, rowStride, columnStride }: MatrixView,
  factor: number,
  row: number,
  column: number,
  columns: number,
  at: number,
): void {
  let target = offset + row * rowStride + column * columnStride;
  if (columnStride === 1) {
    for (let j = 0; j < columns; j++) data[target + j] += factor * strip[at + j];
    return;
  }
  for (let j = 0; j < columns; j++, target += columnStride) data[target] += factor * strip[at + j];
}
