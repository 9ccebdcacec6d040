import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { preprocess } from '../../src/engine/preprocess';
import type { NamedFile } from '../../src/formats/file';
import { readNetwork, writeNetwork } from '../../src/formats/models';
import { packed } from '../../src/formats/packed';
import { networkCost } from '../../src/network/cost';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { ExportedNetwork, ExportRequest, RuntimeVerdict } from '../protocol/export';
import { runOnnxRuntime } from './onnxRuntime';
import type { SelectedImages } from './selectedImages';

/** Largest difference of a score that a faithful file may show; float32 rounding of two runs stays far below. */
const allowedDifference = 1e-4;

/** Images that ONNX Runtime runs: it keeps every layer's output of the batch in memory. */
const runtimeImages = 8;

/**
 * Writes a network, reads the file back, recounts its MACs and compares its answers with the network in memory;
 * an ONNX file is run by ONNX Runtime, too. Only a file that agrees is returned.
 *
 * @throws FailureError `export-mismatch` with both figures where the file does not agree
 */
export async function exportAndCompare(
  network: Network,
  { format, isPacked = false }: Pick<ExportRequest, 'format' | 'isPacked'>,
  on: SelectedImages,
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
  const expected = await scoresOf(network, on, isCancelled);
  const largestDifference = differenceOf(expected, await scoresOf(readBack, on, isCancelled));
  requireAgreement(largestDifference, 'when read back');
  const runtime = format === 'onnx' ? await verdictOf(written, network, on, expected) : null;
  return { files, ...cost, comparison: { images: on.indices.length, largestDifference, runtime } };
}

/** What ONNX Runtime says of a written file; one that it cannot run is offered with its reason. */
async function verdictOf(
  [file]: readonly NamedFile[],
  network: Network,
  { images, indices, preprocessing }: SelectedImages,
  expected: Float32Array,
): Promise<RuntimeVerdict> {
  const few = indices.subarray(0, runtimeImages);
  const values = preprocess(images, few, preprocessing);
  const answer = await runOnnxRuntime(file!.bytes, { values, count: few.length, shape: network.input.shape });
  if ('refusal' in answer) return answer;
  const classes = expected.length / indices.length;
  const largestDifference = differenceOf(expected.subarray(0, few.length * classes), answer.scores);
  requireAgreement(largestDifference, `in ${answer.name}`);
  return { name: answer.name, images: few.length, largestDifference };
}

function requireAgreement(largestDifference: number, where: string): void {
  if (largestDifference <= allowedDifference) return;
  fail(
    'export-mismatch',
    `The written file was discarded: its scores ${where} differ from the network in memory by up to ${largestDifference.toExponential(1)}, expected at most ${allowedDifference}.`,
  );
}

/** Largest absolute difference of two lists of scores; Infinity where they differ in length or hold a NaN. */
function differenceOf(first: Float32Array, second: Float32Array): number {
  if (first.length !== second.length) return Infinity;
  return first.reduce((largest, score, index) => {
    const difference = Math.abs(score - second[index]!);
    // NaN compares false with everything, so it must not slip through Math.max unnoticed.
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }, 0);
}

async function scoresOf(
  network: Network,
  on: SelectedImages,
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
