import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { readNetwork, writeNetwork } from '../../src/formats/models';
import { packed } from '../../src/formats/packed';
import { networkCost } from '../../src/network/cost';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { ImageSet, Preprocessing } from '../../src/network/images';
import type { ExportedNetwork, ExportRequest } from '../protocol/service';

/** Images that a written file is compared on. */
export interface ComparisonImages {
  readonly images: ImageSet;
  readonly indices: Uint32Array;
  readonly preprocessing: Preprocessing;
}

/** Largest difference of a score that a faithful file may show; float32 rounding of two runs stays far below. */
const allowedDifference = 1e-4;

/**
 * Writes a network, reads the file back, recounts its MACs and compares its answers with the network in memory.
 * Only a file that agrees is returned.
 *
 * @throws FailureError `export-mismatch` with both figures where the file does not agree
 */
export async function exportAndCompare(
  network: Network,
  { format, isPacked = false }: Pick<ExportRequest, 'format' | 'isPacked'>,
  on: ComparisonImages,
  isCancelled: () => boolean,
): Promise<ExportedNetwork> {
  const written = await writeNetwork(network, format);
  const files = isPacked ? packed(written) : written;
  const readBack = await readNetwork(files);
  const cost = networkCost(network);
  const costReadBack = networkCost(readBack);
  if (cost.macs !== costReadBack.macs) {
    fail(
      'export-mismatch',
      `The written file was discarded: expected ${cost.macs} MACs as planned, found ${costReadBack.macs} when reading it back.`,
    );
  }
  const largestDifference = await compare(network, readBack, on, isCancelled);
  if (!(largestDifference <= allowedDifference)) {
    fail(
      'export-mismatch',
      `The written file was discarded: its scores differ from the network in memory by up to ${largestDifference.toExponential(1)}, expected at most ${allowedDifference}.`,
    );
  }
  return { files, ...cost, comparison: { images: on.indices.length, largestDifference } };
}

async function compare(
  a: Network,
  b: Network,
  on: ComparisonImages,
  isCancelled: () => boolean,
): Promise<number> {
  const first = await scoresOf(a, on, isCancelled);
  const second = await scoresOf(b, on, isCancelled);
  if (first.length !== second.length) return Infinity;
  return first.reduce((largest, score, index) => {
    const difference = Math.abs(score - second[index]!);
    // NaN compares false with everything, so it must not slip through Math.max unnoticed.
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }, 0);
}

async function scoresOf(
  network: Network,
  on: ComparisonImages,
  isCancelled: () => boolean,
): Promise<Float32Array> {
  const executor = createExecutor(network);
  try {
    const predictions = await evaluate(executor, on.images, on.preprocessing, {
      indices: on.indices,
      isCancelled,
    });
    return predictions.scores;
  } finally {
    executor.dispose();
  }
}
