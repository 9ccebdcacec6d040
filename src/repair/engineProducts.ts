import * as tf from '@tensorflow/tfjs-core';
import type { MomentSums, Shift } from './regression/momentSums';
import { readBack } from '../engine/readback';
import type { Rows } from './rows';

/** Adds the products of patches with targets, and with patches up to the diagonal, by the engine's matrix products. */
export async function addEngineProducts(
  sums: MomentSums,
  rows: Rows,
  shift: Shift,
  withGram: boolean,
): Promise<void> {
  const { size, outputs } = sums;
  const shifted = transposedTargets(rows, shift.target);
  const products = tf.tidy(() => {
    const means = tf.tensor1d(Float32Array.from(shift.patch));
    const patches: tf.Tensor2D = tf.sub(tf.tensor2d(rows.patches, [rows.count, size]), means);
    const targets = tf.tensor2d(shifted, [outputs, rows.count]);
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

/** Targets less their shift, a line per output. */
function transposedTargets({ count, targets }: Rows, shift: Float64Array): Float32Array {
  const outputs = shift.length;
  const transposed = new Float32Array(count * outputs);
  for (let o = 0; o < outputs; o++) {
    for (let row = 0; row < count; row++) {
      transposed[o * count + row] = targets[row * outputs + o]! - shift[o]!;
    }
  }
  return transposed;
}

/** @param products a line per output with a value per patch value */
function addCross({ outputs, size, cross }: MomentSums, products: Float32Array): void {
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < size; i++) cross[i * outputs + o]! += products[o * size + i]!;
  }
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
