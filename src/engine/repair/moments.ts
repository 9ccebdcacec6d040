import * as tf from '@tensorflow/tfjs-core';
import { emptySums, momentsOf, type MomentSums, type Shift } from '../../enc/repair/momentSums';
import type { Moments } from '../../enc/repair/regression';
import type { Pause } from '../executor';
import { readBack } from '../readback';

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

/**
 * Second moments of patches and cross moments with targets: float32 matrix products of a few thousand rows on
 * the engine, each relative to the means of the first rows so that its sums lose no digits to a large mean, added
 * up in float64. Memory does not grow with the rows.
 *
 * @throws FailureError 'cancelled' from the pause
 */
export async function momentsOfRows(
  blocks: Iterable<Rows>,
  size: number,
  outputs: number,
  pause: Pause,
): Promise<Moments> {
  const { sums, shift } = await sumRows(blocks, emptySums(size, outputs), true, pause);
  return momentsOf(sums, shift);
}

/** The moments of the same patches with other targets; the Gram matrix is taken over. */
export async function withTargets(moments: Moments, blocks: Iterable<Rows>, pause: Pause): Promise<Moments> {
  const empty = emptySums(moments.patchMean.length, moments.targetMean.length);
  const { sums, shift } = await sumRows(blocks, empty, false, pause);
  return { ...momentsOf(sums, shift), gram: moments.gram };
}

async function sumRows(
  blocks: Iterable<Rows>,
  sums: MomentSums,
  withGram: boolean,
  pause: Pause,
): Promise<{ readonly sums: MomentSums; readonly shift: Shift }> {
  const { size, outputs } = sums;
  let shift: Shift | null = null;
  for (const block of blocks) {
    shift ??= { patch: columnMeans(block.patches, size), target: columnMeans(block.targets, outputs) };
    for (const rows of rowSlices(block, size, outputs)) {
      await pause();
      await addRows(sums, rows, shift, withGram);
    }
  }
  return { sums, shift: shift ?? { patch: new Float64Array(size), target: new Float64Array(outputs) } };
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

function columnMeans(rows: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let index = 0; index < rows.length; index++) sums[index % columns]! += rows[index]!;
  const count = Math.max(1, rows.length / columns);
  // Rounded to float32, since that is what the engine subtracts.
  return sums.map((sum) => Math.fround(sum / count));
}

async function addRows(sums: MomentSums, rows: Rows, shift: Shift, withGram: boolean): Promise<void> {
  const { size, outputs } = sums;
  const shifted = shiftedTargets(sums, rows, shift.target);
  const products = tf.tidy(() => {
    const means = tf.tensor1d(Float32Array.from(shift.patch));
    const patches: tf.Tensor2D = tf.sub(tf.tensor2d(rows.patches, [rows.count, size]), means);
    const targets = tf.tensor2d(shifted, [rows.count, outputs + 1]);
    // WebAssembly multiplies a transposed factor 20 times slower than it transposes and multiplies.
    const transposed = tf.transpose(patches);
    if (!withGram) return [tf.matMul(transposed, targets)];
    return columnBlocks(size).map(({ from, to }) => {
      const block = tf.slice2d(transposed, [from, 0], [to - from, rows.count]);
      const right = tf.slice2d(patches, [0, 0], [rows.count, to]);
      return tf.matMul(block, tf.concat2d([targets, right], 1));
    });
  });
  try {
    let row = 0;
    for (const product of products) {
      addProducts(sums, await readBack(product), row, product.shape);
      row += product.shape[0]!;
    }
  } finally {
    tf.dispose(products);
  }
  sums.samples += rows.count;
}

/** Rows of the Gram matrix that are computed together, up to their diagonal: few enough to skip most of the rest. */
const gramRows = 192;

function columnBlocks(size: number): { readonly from: number; readonly to: number }[] {
  const count = Math.ceil(size / gramRows);
  return Array.from({ length: count }, (_, block) => ({
    from: Math.round((block * size) / count),
    to: Math.round(((block + 1) * size) / count),
  }));
}

/** Targets less their shift, and a column of ones that sums the patches; their own sums are taken here. */
function shiftedTargets(sums: MomentSums, { count, targets }: Rows, shift: Float64Array): Float32Array {
  const { outputs } = sums;
  const shifted = new Float32Array(count * (outputs + 1));
  for (let row = 0; row < count; row++) {
    for (let o = 0; o < outputs; o++) {
      const value = Math.fround(targets[row * outputs + o]! - shift[o]!);
      shifted[row * (outputs + 1) + o] = value;
      sums.targets[o]! += value;
      sums.targetSquares[o]! += value * value;
    }
    shifted[row * (outputs + 1) + outputs] = 1;
  }
  return shifted;
}

/**
 * @param products a row per patch value: with targets, with one, and with the patches up to some column, at least
 * that of the diagonal
 * @param firstRow the patch value of the first row
 */
function addProducts(
  { outputs, size, gram, cross, patches }: MomentSums,
  products: Float32Array,
  firstRow: number,
  [count = 0, width = 0]: readonly number[],
): void {
  for (let line = 0; line < count; line++) {
    const from = line * width;
    const i = firstRow + line;
    for (let o = 0; o < outputs; o++) cross[i * outputs + o]! += products[from + o]!;
    patches[i]! += products[from + outputs]!;
    const columns = Math.min(width - outputs - 1, i + 1);
    for (let j = 0; j < columns; j++) gram[i * size + j]! += products[from + outputs + 1 + j]!;
  }
}
