import * as tf from '@tensorflow/tfjs-core';
import { greatest } from '../linalg/extremes';
import { createExecutor } from './executor';
import { readBack } from './readback';
import { checkedBatch, checkedImages, checkedNetwork } from './selfCheckNetwork';

/** Largest difference, as a share of the largest right answer, that rounding may explain. */
const tolerance = 1e-3;

/** What the network answers for its images, by plain loops in double precision: scores of both images, softmax of both. */
export const rightAnswers: readonly (readonly number[])[] = [
  [
    ...[0.487819848, -0.165535606, 0.749717672, -0.407265779, -0.12786231, 0.753913456],
    ...[0.666442124, -0.148400321, 0.621809643, -0.416630707, -0.445780388, 0.896885892],
  ],
  [
    ...[0.197106756, 0.102554056, 0.256119291, 0.0805324223, 0.106491305, 0.25719617],
    ...[0.231181932, 0.102346339, 0.221090585, 0.078267477, 0.0760189363, 0.291094731],
  ],
];

/**
 * Computes a small network whose answers are known on the backend that runs. A device may compute wrongly and report
 * nothing, by a fault of its driver or of its memory.
 *
 * @returns what is wrong (part of a sentence), or null
 * @throws FailureError 'device-lost', 'device-error' or 'out-of-memory'
 */
export async function findWrongAnswers(): Promise<string | null> {
  const network = checkedNetwork();
  const { input, outputs } = network;
  const executor = createExecutor(network);
  const images = tf.tensor(checkedImages(), [checkedBatch, ...input.shape]);
  const answers = executor.compute(new Map([[input.name, images]]), outputs);
  try {
    const differences: number[] = [];
    for (const [index, output] of outputs.entries())
      differences.push(difference(await readBack(answers.get(output)!), rightAnswers[index]!));
    const largest = greatest(differences);
    if (largest <= tolerance) return null;
    const size = Number.isFinite(largest) ? `by ${(100 * largest).toPrecision(2)} %` : 'and are no numbers';
    return `it computes wrongly here (answers of a known network differ ${size})`;
  } finally {
    tf.dispose([images, ...answers.values()]);
    executor.dispose();
  }
}

/** The largest difference as a share of the largest right value; infinite where a value is no number. */
function difference(found: Float32Array, right: readonly number[]): number {
  const differences = right.map((value, index) => Math.abs(found[index]! - value));
  if (differences.some(Number.isNaN)) return Infinity;
  return greatest(differences) / greatest(right.map(Math.abs));
}
