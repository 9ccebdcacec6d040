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
    const targets = tf.tensor2d(shifted, [outputs + 1, rows.count]);
    return [tf.matMul(targets, patches), ...(withGram ? gramBlocks(patches) : [])];
  });
  try {
    const [cross, ...blocks] = products;
    addCross(sums, await readBack(cross!));
    let row = 0;
    for (const block of blocks) {
      addGram(sums, await readBack(block), row, block.shape);
      row += block.shape[0]!;
    }
  } finally {
    tf.dispose(products);
  }
  sums.samples += rows.count;
}

/** Rows of the Gram matrix that are computed together, up to their diagonal: few enough to skip most of the rest. */
const gramRows = 192;

/** Blocks of rows of patchesᵀ · patches, each up to the column of its last row. */
function gramBlocks(patches: tf.Tensor2D): tf.Tensor2D[] {
  const [rows, size] = patches.shape;
  const count = Math.ceil(size / gramRows);
  // WebAssembly multiplies a transposed factor 20 times slower than it transposes and multiplies.
  const transposed = tf.transpose(patches);
  return Array.from({ length: count }, (_, block) => {
    const from = Math.round((block * size) / count);
    const to = Math.round(((block + 1) * size) / count);
    const right = to < size ? tf.slice2d(patches, [0, 0], [rows, to]) : patches;
    return tf.matMul(tf.slice2d(transposed, [from, 0], [to - from, rows]), right);
  });
}

/** Targets less their shift, a line per output, and a line of ones that sums the patches; their own sums are taken here. */
function shiftedTargets(sums: MomentSums, { count, targets }: Rows, shift: Float64Array): Float32Array {
  const { outputs } = sums;
  const shifted = new Float32Array(count * (outputs + 1));
  for (let o = 0; o < outputs; o++) {
    const mean = shift[o]!;
    const line = o * count;
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < count; row++) {
      const value = Math.fround(targets[row * outputs + o]! - mean);
      shifted[line + row] = value;
      sum += value;
      squares += value * value;
    }
    sums.targets[o]! += sum;
    sums.targetSquares[o]! += squares;
  }
  return shifted.fill(1, outputs * count);
}

/** @param products a line per output and one of sums, each with a value per patch value */
function addCross({ outputs, size, cross, patches }: MomentSums, products: Float32Array): void {
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < size; i++) cross[i * outputs + o]! += products[o * size + i]!;
  }
  for (let i = 0; i < size; i++) patches[i]! += products[outputs * size + i]!;
}

/**
 * @param products a row per patch value, up to some column that is at least the diagonal's
 * @param firstRow the patch value of the first row
 */
function addGram(
  { size, gram }: MomentSums,
  products: Float32Array,
  firstRow: number,
  [count = 0, width = 0]: readonly number[],
): void {
  for (let line = 0; line < count; line++) {
    const i = firstRow + line;
    for (let j = 0; j <= i; j++) gram[i * size + j]! += products[line * width + j]!;
  }
}
