/** Numbers that a product may read; it writes in double precision alone. */
export type Entries = Float64Array | Float32Array;

/** A rectangle inside an array: entry (i, j) is data[offset + i·rowStride + j·columnStride]. */
export interface MatrixView<Data extends Entries = Float64Array> {
  readonly data: Data;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/**
 * The whole of a row-major matrix.
 * @throws RangeError when `data` does not hold rows × columns values
 */
export function viewOf<Data extends Entries>(data: Data, rows: number, columns: number): MatrixView<Data> {
  requireLength('viewOf', data, rows, columns);
  return { data, offset: 0, rows, columns, rowStride: columns, columnStride: 1 };
}

/** @throws RangeError, in the name of `where`, when `data` does not hold rows × columns values */
export function requireLength(
  where: string,
  data: { readonly length: number },
  rows: number,
  columns: number,
): void {
  if (data.length === rows * columns) return;
  throw new RangeError(
    `${where}: expected ${rows}×${columns} = ${rows * columns} values, got ${data.length}`,
  );
}

/** The same entries with rows and columns exchanged; nothing is copied. */
export function transposeView<Data extends Entries>(view: MatrixView<Data>): MatrixView<Data> {
  return {
    ...view,
    rows: view.columns,
    columns: view.rows,
    rowStride: view.columnStride,
    columnStride: view.rowStride,
  };
}

/** The rows × columns rectangle that starts at (firstRow, firstColumn); nothing is copied. */
export function blockView(
  view: MatrixView,
  firstRow: number,
  firstColumn: number,
  rows: number,
  columns: number,
): MatrixView {
  const inside =
    firstRow >= 0 &&
    firstColumn >= 0 &&
    firstRow + rows <= view.rows &&
    firstColumn + columns <= view.columns;
  if (!inside) {
    throw new RangeError(
      `blockView: expected a block inside ${view.rows}×${view.columns}, got ${rows}×${columns} at (${firstRow}, ${firstColumn})`,
    );
  }
  const offset = view.offset + firstRow * view.rowStride + firstColumn * view.columnStride;
  return { ...view, offset, rows, columns };
}
