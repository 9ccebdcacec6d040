import * as tf from '@tensorflow/tfjs-core';
import { classScores, type Scores } from '../answers/scores';
import { joined } from '../linalg/joined';
import type { ImageSet, Preprocessing } from '../network/images';
import { scoreOutput } from '../network/outputs';
import { evaluationBatchSize } from './batchSize';
import type { Executor, Pause } from './executor';
import { assertImagesFit, inputTensor } from './preprocess';
import { readBack } from './readback';
import { pauseUnlessCancelled } from './yielding';

export interface EvaluationOptions {
  /** Which images, in this order; all where absent. */
  readonly indices?: Uint32Array;
  /** Images per batch; {@link evaluationBatchSize} where absent. */
  readonly batchSize?: number;
  /** Told after each batch how many images are done. */
  onBatch?(progress: { readonly done: number; readonly total: number }): void;
  /** Asked between steps; true stops the evaluation. */
  isCancelled?(): boolean;
}

/**
 * Runs a network on images in batches.
 *
 * The last batch runs at the size that is left; on WebGPU, whose buffers are pooled by size, it is filled up
 * with zero images whose answers are dropped. Either way an image's numbers do not depend on its batch.
 *
 * @throws FailureError 'images-do-not-fit', 'cancelled', and the backend's faults ('device-lost', 'device-error')
 */
export async function evaluate(
  executor: Executor,
  images: ImageSet,
  preprocessing: Preprocessing,
  options: EvaluationOptions = {},
): Promise<Scores> {
  const { network } = executor;
  assertImagesFit(network.input.shape, images, preprocessing);
  const indices = options.indices ?? Uint32Array.from({ length: images.count }, (_, index) => index);
  const batchSize = options.batchSize ?? evaluationBatchSize(network);
  const pause = pauseUnlessCancelled(options.isCancelled);
  const batches: Float32Array[] = [];
  for (let done = 0; done < indices.length; done += batchSize) {
    const part = indices.subarray(done, done + batchSize);
    const rows = tf.getBackend() === 'webgpu' ? batchSize : part.length;
    await pause();
    const scores = await runBatch(
      executor,
      () => inputTensor(network.input.shape, images, part, preprocessing, rows),
      pause,
    );
    batches.push(scores.subarray(0, (scores.length / rows) * part.length));
    options.onBatch?.({ done: done + part.length, total: indices.length });
  }
  return classScores(network, joined(batches), indices.length);
}

async function runBatch(executor: Executor, makeInput: () => tf.Tensor, pause: Pause): Promise<Float32Array> {
  const { network } = executor;
  const output = scoreOutput(network);
  const batch = makeInput();
  try {
    const values = await executor.computeWithPauses(new Map([[network.input.name, batch]]), [output], pause);
    return await readAndDispose(values.get(output)!);
  } finally {
    batch.dispose();
  }
}

async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return await readBack(tensor);
  } finally {
    tensor.dispose();
  }
}
