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
import { singlePanels, WIDE_TILE, type SinglePanels } from './singlePanels';
import { transposeView, type Entries, type MatrixView } from './view';

/** Which entries of the result a product fills: all, or those with column ≤ row (a symmetric result). */
export type ProductShape = 'full' | 'lower';

/**
 * How products are computed: in double precision, or with factors and sums over up to 256 products rounded to single
 * precision (relative errors of some 1e-7), where WebAssembly's vectors make that about twice as fast.
 */
export type Precision = 'double' | 'single';

/**
 * result += factor · left · right, tiled for registers and caches. Transposed factors are views, so this one
 * product serves them all. `result` must not overlap the factors.
 * @param shape 'lower' touches only entries with column ≤ row, about half the work
 * @throws RangeError when the shapes do not fit
 */
export function addProduct(
  result: MatrixView,
  factor: number,
  left: MatrixView<Entries>,
  right: MatrixView<Entries>,
  shape: ProductShape = 'full',
  precision: Precision = 'double',
): void {
  const inner = left.columns;
  if (right.rows !== inner || result.rows !== left.rows || result.columns !== right.columns) {
    throw new RangeError(
      `addProduct: expected matching shapes, got ${left.rows}×${left.columns} times ` +
        `${right.rows}×${right.columns} into ${result.rows}×${result.columns}`,
    );
  }
  const tiles = precision === 'single' && singlePanels ? singleTiles(singlePanels) : doubleTiles;
  for (let innerStart = 0; innerStart < inner; innerStart += INNER_BLOCK) {
    const depth = Math.min(INNER_BLOCK, inner - innerStart);
    for (let column = 0; column < result.columns; column += COLUMN_BLOCK) {
      const width = Math.min(COLUMN_BLOCK, result.columns - column);
      packPanels(tiles.right, tiles.columns, transposeView(right), column, width, innerStart, depth);
      const firstRow = shape === 'lower' ? column : 0;
      for (let row = firstRow; row < result.rows; row += ROW_BLOCK) {
        const height = Math.min(ROW_BLOCK, result.rows - row);
        packPanels(tiles.left, TILE, left, row, height, innerStart, depth);
        addBlock(result, factor, row, height, column, width, depth, shape, tiles);
      }
    }
  }
}

/** Packed blocks of both factors, and the product of a few lines of them. */
interface Tiles {
  readonly left: Float64Array | Float32Array;
  readonly right: Float64Array | Float32Array;
  readonly strip: Float64Array;
  /** Columns of a tile. */
  readonly columns: number;
  multiply(leftStart: number, depth: number, tiles: number): void;
}

const doubleTiles: Tiles = {
  left: leftPanels,
  right: rightPanels,
  strip,
  columns: TILE,
  multiply: (leftStart, depth, tiles) => multiplyPanels(leftStart, 0, depth, tiles),
};

function singleTiles(panels: SinglePanels): Tiles {
  return { ...panels, columns: WIDE_TILE };
}

/**
 * Copies `count` rows of a factor over the inner range in groups of four or eight, interleaved as the kernel reads
 * them; missing rows of the last group are zeros.
 */
function packPanels(
  panels: Float64Array | Float32Array,
  group: number,
  { data, offset, rowStride, columnStride }: MatrixView<Entries>,
  firstRow: number,
  count: number,
  innerStart: number,
  depth: number,
): void {
  const start = offset + firstRow * rowStride + innerStart * columnStride;
  if (count % group > 0)
    panels.fill(0, (count - (count % group)) * depth, Math.ceil(count / group) * group * depth);
  if (rowStride === 1) packAlong(panels, group, data, start, columnStride, count - (count % TILE), depth);
  for (let row = rowStride === 1 ? count - (count % TILE) : 0; row < count; row += TILE) {
    const lane = row % group;
    const target = (row - lane) * depth + lane;
    const place = start + row * rowStride;
    if (count - row >= TILE) packFour(panels, target, group, data, place, rowStride, columnStride, depth);
    else {
      for (let q = 0; q < count - row; q++) {
        for (let p = 0; p < depth; p++) {
          panels[target + q + p * group] = data[place + q * rowStride + p * columnStride];
        }
      }
    }
  }
}

/** Copies rows, a multiple of four, that lie side by side: in the order of the memory, which no cache minds. */
function packAlong(
  panels: Float64Array | Float32Array,
  group: number,
  data: Entries,
  start: number,
  columnStride: number,
  count: number,
  depth: number,
): void {
  for (let p = 0; p < depth; p++) {
    const place = start + p * columnStride;
    for (let row = 0; row < count; row += TILE) {
      const lane = row % group;
      const to = (row - lane) * depth + p * group + lane;
      const at = place + row;
      panels[to] = data[at];
      panels[to + 1] = data[at + 1];
      panels[to + 2] = data[at + 2];
      panels[to + 3] = data[at + 3];
    }
  }
}

/** Copies four rows of a factor between each other. */
function packFour(
  panels: Float64Array | Float32Array,
  target: number,
  group: number,
  data: Entries,
  place: number,
  rowStride: number,
  columnStride: number,
  depth: number,
): void {
  const end = target + depth * group;
  for (let to = target, at = place; to < end; to += group, at += columnStride) {
    panels[to] = data[at];
    panels[to + 1] = data[at + rowStride];
    panels[to + 2] = data[at + 2 * rowStride];
    panels[to + 3] = data[at + 3 * rowStride];
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
  tiles: Tiles,
): void {
  for (let i = 0; i < height; i += TILE) {
    const rows = Math.min(TILE, height - i);
    const columns = shape === 'lower' ? Math.min(width, row + i + rows - column) : width;
    if (columns <= 0) continue;
    tiles.multiply(i * depth, depth, Math.ceil(columns / tiles.columns));
    for (let line = 0; line < rows; line++) {
      const own = shape === 'lower' ? Math.min(width, row + i + line + 1 - column) : width;
      addLine(result, factor, row + i + line, column, own, tiles.strip, line * COLUMN_BLOCK);
    }
  }
}

/** Adds so many of the sums, from `at` on, to a row of the result. */
function addLine(
  { data, offset, rowStride, columnStride }: MatrixView,
  factor: number,
  row: number,
  column: number,
  columns: number,
  sums: Float64Array,
  at: number,
): void {
  let target = offset + row * rowStride + column * columnStride;
  if (columnStride === 1) {
    for (let j = 0; j < columns; j++) data[target + j] += factor * sums[at + j];
    return;
  }
  for (let j = 0; j < columns; j++, target += columnStride) data[target] += factor * sums[at + j];
}
