import type { Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import type { Scores } from '../answers/scores';
import { evaluate } from '../engine/evaluate';
import { createExecutor } from '../engine/executor';
import { divergences } from '../answers/divergence';
import type { ImageDivergences } from './judgement';

/** Calibration images on which the repaired network is compared with the truncated one. */
const maxJudged = 256;

interface CalibrationImages {
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly indices: Uint32Array;
  isCancelled?(): boolean;
}

/** The calibration images that judge: the first ones. */
export function judgedImages(indices: Uint32Array): Uint32Array {
  return indices.slice(0, maxJudged);
}

/**
 * How far the truncated and the repaired network are from the original, image by image.
 *
 * @throws FailureError 'cancelled', and the backend's faults
 */
export async function repairDivergences(
  original: Network,
  truncated: Network,
  repaired: Network,
  on: CalibrationImages,
): Promise<ImageDivergences> {
  const expected = await answers(original, on);
  return {
    truncated: divergences(expected, await answers(truncated, on)),
    repaired: divergences(expected, await answers(repaired, on)),
  };
}

async function answers(
  network: Network,
  { images, preprocessing, indices, isCancelled }: CalibrationImages,
): Promise<Scores> {
  const executor = createExecutor(network);
  try {
    return await evaluate(executor, images, preprocessing, {
      indices,
      isCancelled: () => isCancelled?.() ?? false,
    });
  } finally {
    executor.dispose();
  }
}
