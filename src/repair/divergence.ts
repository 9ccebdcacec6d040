import type { Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import type { Scores } from '../answers/scores';
import { evaluate } from '../engine/evaluate';
import { createExecutor } from '../engine/executor';
import { meanDivergence } from '../answers/divergence';

/** Calibration images on which the repaired network is compared with the truncated one. */
const maxJudged = 256;

/** Mean Kullback–Leibler divergence of the two networks from the original on calibration images, in nats. */
export interface RepairDivergence {
  readonly truncated: number;
  readonly repaired: number;
}

interface CalibrationImages {
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  /** The first of them judge. */
  readonly indices: Uint32Array;
  isCancelled?(): boolean;
}

/**
 * How far the truncated and the repaired network are from the original.
 *
 * @throws FailureError 'cancelled', and the backend's faults
 */
export async function repairDivergence(
  original: Network,
  truncated: Network,
  repaired: Network,
  on: CalibrationImages,
): Promise<RepairDivergence> {
  const expected = await answers(original, on);
  return {
    truncated: meanDivergence(expected, await answers(truncated, on)),
    repaired: meanDivergence(expected, await answers(repaired, on)),
  };
}

async function answers(
  network: Network,
  { images, preprocessing, indices, isCancelled }: CalibrationImages,
): Promise<Scores> {
  const executor = createExecutor(network);
  try {
    return await evaluate(executor, images, preprocessing, {
      indices: indices.subarray(0, maxJudged),
      isCancelled: () => isCancelled?.() ?? false,
    });
  } finally {
    executor.dispose();
  }
}
