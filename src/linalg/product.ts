import { COLUMN_BLOCK, INNER_BLOCK, ROW_BLOCK, TILE } from './panelLayout';
import { packPanels } from './packing';
import { doublePanels, singlePanels, type Panels } from './panels';
import { transposeView, type Entries, type MatrixView } from './view';
import { workspace, type Workspace } from './workspace';

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
  const space = workspace();
  const panels = panelsOf(space, precision);
  const canAccumulate = result.columnStride === 1 && space.holds(result.data);
  const place = canAccumulate ? result.data.byteOffset / Float64Array.BYTES_PER_ELEMENT : null;
  const target: Target = { result, place, factor, shape, panels };
  for (let innerStart = 0; innerStart < inner; innerStart += INNER_BLOCK) {
    const depth = Math.min(INNER_BLOCK, inner - innerStart);
    for (let column = 0; column < result.columns; column += COLUMN_BLOCK) {
      const width = Math.min(COLUMN_BLOCK, result.columns - column);
      packPanels(space, panels.right, transposeView(right), column, width, innerStart, depth);
      const firstRow = shape === 'lower' ? column : 0;
      for (let row = firstRow; row < result.rows; row += ROW_BLOCK) {
        const height = Math.min(ROW_BLOCK, result.rows - row);
        packPanels(space, panels.left, left, row, height, innerStart, depth);
        addBlock(target, row, height, column, width, depth);
      }
    }
  }
}

const doubleOf = new WeakMap<Workspace, Panels>();
const singleOf = new WeakMap<Workspace, Panels>();

function panelsOf(space: Workspace, precision: Precision): Panels {
  const known = precision === 'single' ? singleOf : doubleOf;
  let panels = known.get(space);
  if (panels) return panels;
  panels = (precision === 'single' ? singlePanels(space) : null) ?? doublePanels(space);
  known.set(space, panels);
  return panels;
}

/** Where a product goes. */
interface Target {
  readonly result: MatrixView;
  /** Where the result's array begins in the workspace, in doubles; null where it lies elsewhere. */
  readonly place: number | null;
  readonly factor: number;
  readonly shape: ProductShape;
  readonly panels: Panels;
}

/** Adds the product of the packed blocks to the result's block at (row, column). */
function addBlock(
  target: Target,
  row: number,
  height: number,
  column: number,
  width: number,
  depth: number,
): void {
  const { result, factor, shape, panels } = target;
  for (let i = 0; i < height; i += TILE) {
    const rows = Math.min(TILE, height - i);
    const columns = shape === 'lower' ? Math.min(width, row + i + rows - column) : width;
    if (columns <= 0) continue;
    const done = rows === TILE ? accumulated(target, row + i, i, column, width, depth) : 0;
    if (done === columns) continue;
    panels.multiply(i * depth, done * depth, depth, Math.ceil((columns - done) / panels.right.group));
    for (let line = 0; line < rows; line++) {
      const own = shape === 'lower' ? Math.min(width, row + i + line + 1 - column) : width;
      addLine(result, factor, row + i + line, column + done, own - done, panels.strip, line * COLUMN_BLOCK);
    }
  }
}

/**
 * Adds the part of four rows that kernels can add by themselves: whole tiles, in a workspace, below the diagonal.
 *
 * @returns columns that are done
 */
function accumulated(
  { result, place, factor, shape, panels }: Target,
  row: number,
  lines: number,
  column: number,
  width: number,
  depth: number,
): number {
  if (place === null || panels.accumulate === null) return 0;
  const { offset, rowStride } = result;
  const columns = shape === 'lower' ? Math.min(width, row + 1 - column) : width;
  const tiles = Math.floor(columns / panels.right.group);
  if (tiles <= 0) return 0;
  const target = place + offset + row * rowStride + column;
  panels.accumulate([lines * depth, 0, depth, tiles], target, rowStride, factor);
  return tiles * panels.right.group;
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
