/** Rows per matrix product: enough to keep the engine busy, few enough to be cancelled soon. */
const rowsPerProduct = 4096;

/** Patches and targets of one group, row by row. */
export interface Rows {
  readonly count: number;
  /** count × size */
  readonly patches: Float32Array;
  /** count × outputs */
  readonly targets: Float32Array;
}

/** Parts of a block that are small enough for one product. */
export function* rowSlices(
  { count, patches, targets }: Rows,
  size: number,
  outputs: number,
): Generator<Rows> {
  for (let from = 0; from < count; from += rowsPerProduct) {
    const to = Math.min(count, from + rowsPerProduct);
    yield {
      count: to - from,
      patches: patches.subarray(from * size, to * size),
      targets: targets.subarray(from * outputs, to * outputs),
    };
  }
}
