import type * as tf from '@tensorflow/tfjs-core';
import { assertNoFault, deviceLost, watchesDevice } from './faults';

/**
 * Reads a tensor's values. WebGPU reports errors and a lost device only on the side; they are looked for here,
 * after every readback, so that stale numbers never pass for results.
 *
 * @throws FailureError 'device-lost', 'device-error' or 'out-of-memory'
 */
export async function readBack(tensor: tf.Tensor): Promise<Float32Array> {
  let values: Float32Array;
  try {
    values = (await tensor.data()) as Float32Array;
  } catch (error) {
    assertNoFault();
    if (watchesDevice()) throw deviceLost(error instanceof Error ? error.message : String(error));
    throw error;
  }
  assertNoFault();
  return values;
}
