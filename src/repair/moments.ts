import { failNotFinite } from '../engine/finite';
import * as tf from '@tensorflow/tfjs-core';
import { emptySums, momentsOf, type MomentSums, type Shift } from './regression/momentSums';
import type { Moments } from './regression/regression';
import { addColumnMoments, hasColumnMoments } from '../linalg/columnMoments';
import type { Pause } from '../engine/executor';
import { addEngineProducts } from './engineProducts';
import { rowSlices, type Rows } from './rows';

/**
 * Second moments of patches and cross moments with targets: float32 products of some rows at a time, on
 * WebAssembly by code of our own and else by matrix products on the engine, each relative to the means of the first rows so that its sums lose no digits to a large mean, added
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

/**
 * The moments of the same patches with other targets, without the patches' Gram matrix.
 *
 * @param patchMean of these patches
 */
export async function momentsOfTargets(
  patchMean: Float64Array,
  outputs: number,
  blocks: Iterable<Rows>,
  pause: Pause,
): Promise<Moments> {
  const { sums, shift } = await sumRows(blocks, emptySums(patchMean.length, outputs, false), false, pause);
  const { samples } = sums;
  patchMean.forEach((mean, i) => (sums.patches[i] = (mean - shift.patch[i]!) * samples));
  return momentsOf(sums, shift);
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

function columnMeans(rows: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let from = 0; from < rows.length; from += columns) {
    for (let column = 0; column < columns; column++) sums[column]! += rows[from + column]!;
  }
  const count = Math.max(1, rows.length / columns);
  // Rounded to float32, since that is what the engine subtracts.
  return sums.map((sum) => Math.fround(sum / count));
}

async function addRows(sums: MomentSums, rows: Rows, shift: Shift, withGram: boolean): Promise<void> {
  if (withGram) addColumns(sums.patches, null, rows.patches, shift.patch);
  addColumns(sums.targets, sums.targetSquares, rows.targets, shift.target);
  if (tf.getBackend() === 'wasm' && hasColumnMoments()) {
    const patches = { values: rows.patches, columns: sums.size, shift: shift.patch };
    const targets = { values: rows.targets, columns: sums.outputs, shift: shift.target };
    addColumnMoments(rows.count, patches, targets, { gram: withGram ? sums.gram : null, cross: sums.cross });
  } else {
    await addEngineProducts(sums, rows, shift, withGram);
  }
  sums.samples += rows.count;
}

/** Adds shifted values, and their squares where wanted, column by column. */
function addColumns(
  sums: Float64Array,
  squares: Float64Array | null,
  values: Float32Array,
  shift: Float64Array,
): void {
  const columns = shift.length;
  for (let from = 0; from < values.length; from += columns) {
    for (let column = 0; column < columns; column++) {
      const value = Math.fround(values[from + column]! - shift[column]!);
      sums[column]! += value;
      if (squares) squares[column]! += value * value;
    }
  }
}

/**
 * Stops where a layer reads or answers what is no number: nothing can be fitted to it.
 *
 * @throws FailureError `invalid-network` with the layer's name
 */
export function requireFinite(layer: string, moments: Moments): Moments {
  const { patchMean, targetMean, gram, cross, targetVariance } = moments;
  const isFinite = [patchMean, targetMean, gram, cross, targetVariance].every((values) =>
    values.every(Number.isFinite),
  );
  return isFinite ? moments : failNotFinite(layer, ' on the calibration images');
}
