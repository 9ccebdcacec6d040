import type { Tensor } from '@tensorflow/tfjs-core';
import type { Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import { suggestBatchSize } from '../engine/batchSize';
import { inputTensor } from '../engine/preprocess';

/** A batch of calibration images. */
export interface CalibrationBatch {
  readonly images: number;
  /** Whether its samples only choose between fits. */
  readonly isHeldBack: boolean;
  /** Which of the parts that the images are split into it belongs to. */
  readonly part: number;
  /** Makes the network's input; the tensor becomes the caller's. */
  makeInput(): Tensor;
}

/** Which images a network is calibrated on. */
interface CalibrationImages {
  readonly network: Network;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
}

/** Splits some images into batches, in their order. */
export function calibrationBatches(
  { network, images, preprocessing }: CalibrationImages,
  indices: Uint32Array,
  isHeldBack: boolean,
  part = 0,
): readonly CalibrationBatch[] {
  const size = suggestBatchSize(network);
  return Array.from({ length: Math.ceil(indices.length / size) }, (_, batch) => {
    const own = indices.subarray(batch * size, (batch + 1) * size);
    const makeInput = () => inputTensor(network.input.shape, images, own, preprocessing);
    return { images: own.length, isHeldBack, part, makeInput };
  });
}
