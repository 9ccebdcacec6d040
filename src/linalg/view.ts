/** A rectangle inside a Float64Array: entry (i, j) is data[offset + i·rowStride + j·columnStride]. */
export interface MatrixView {
  readonly data: Float64Array;
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
export function viewOf(data: Float64Array, rows: number, columns: number): MatrixView {
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
export function transposeView(view: MatrixView): MatrixView {
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
