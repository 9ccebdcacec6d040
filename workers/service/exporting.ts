import { closenessOf, type Closeness } from '../../src/answers/closeness';
import { classScores, imageCount, type Scores } from '../../src/answers/scores';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { preprocess } from '../../src/engine/preprocess';
import type { NamedFile } from '../../src/formats/file';
import { readNetwork, writeNetwork } from '../../src/formats/models';
import { inputAxes } from '../../src/formats/models/onnx/axes';
import { packed } from '../../src/formats/packed';
import { networkCost } from '../../src/network/cost';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import { withScoreOutputOf } from '../../src/network/outputs';
import { levelStepOf } from '../../src/quantise/levelStep';
import type { ExportedNetwork, ExportRequest, RuntimeVerdict } from '../protocol/export';
import { runLiteRt, type LoadLiteRt } from './liteRt';
import { runOnnxRuntime, type InputBatch, type RuntimeAnswer } from './onnxRuntime';
import type { SelectedImages } from './selectedImages';

/** Images that a runtime runs: it keeps every layer's output of the batch in memory. */
const runtimeImages = 8;

/**
 * Writes a network, reads the file back, recounts its MACs and compares its answers with the network in memory;
 * an ONNX file is run by ONNX Runtime, too, one of TensorFlow Lite by LiteRT. Only a file that agrees is returned.
 *
 * @param loadLiteRt where LiteRT can be loaded from; null leaves it out
 * @throws FailureError `export-mismatch` with both figures where the file does not agree
 */
export async function exportAndCompare(
  network: Network,
  { format, isPacked = false }: Pick<ExportRequest, 'format' | 'isPacked'>,
  on: SelectedImages,
  isCancelled: () => boolean,
  loadLiteRt: LoadLiteRt | null = null,
): Promise<ExportedNetwork> {
  const written = await writeNetwork(network, format);
  const files = isPacked ? packed(written) : written;
  const readBack = withScoreOutputOf(await readNetwork(files), network);
  const cost = networkCost(network);
  const costReadBack = networkCost(readBack);
  if (cost.macs !== costReadBack.macs) {
    fail(
      'export-mismatch',
      `The written file was discarded: expected ${cost.macs} MACs as planned, found ${costReadBack.macs} when reading it back; choose another format.`,
    );
  }
  const expected = await scoresOf(network, on, isCancelled);
  const found = await scoresOf(readBack, on, isCancelled);
  const step = await levelStepOf(network, on);
  const { largestDifference, largestScore } = requireAgreement(expected, found, 'when read back', step);
  const run = runtimeOf(format, written, network, loadLiteRt);
  const runtime = run && (await verdictOf(run, network, on, { expected, step }));
  const comparison = { images: on.indices.length, largestDifference, largestScore, runtime };
  return { files, ...cost, comparison };
}

type Run = (input: InputBatch) => Promise<RuntimeAnswer>;

/** The runtime that is not the studio's and runs files of a format; null where there is none. */
function runtimeOf(
  format: string,
  [file]: readonly NamedFile[],
  network: Network,
  loadLiteRt: LoadLiteRt | null,
): Run | null {
  const output = network.scoresAt;
  if (format === 'onnx')
    return (input) => runOnnxRuntime(file!.bytes, { ...input, axes: inputAxes(network) }, output);
  if (format === 'tflite' && loadLiteRt) return (input) => runLiteRt(file!.bytes, input, loadLiteRt, output);
  return null;
}

/** What a runtime says of a written file; one that it cannot run is offered with its reason. */
async function verdictOf(
  run: Run,
  network: Network,
  { images, indices, preprocessing }: SelectedImages,
  { expected, step }: { readonly expected: Scores; readonly step: number },
): Promise<RuntimeVerdict> {
  const few = indices.subarray(0, runtimeImages);
  const values = preprocess(images, few, preprocessing);
  const { shape } = network.input;
  const answer = await run({ values, count: few.length, shape });
  if ('refusal' in answer) return answer;
  const scores = expected.scores.subarray(0, few.length * expected.classes);
  const found = classScores(network, answer.scores, few.length);
  const own = { ...expected, scores };
  const { largestDifference } = requireAgreement(own, found, `in ${answer.name}`, step);
  return { name: answer.name, images: few.length, largestDifference };
}

/**
 * @param step what a level more or less makes of a score
 * @throws FailureError `export-mismatch` where the file's scores are not those of the network in memory
 */
function requireAgreement(expected: Scores, found: Scores, where: string, step: number): Closeness {
  const discard = (problem: string): never =>
    fail('export-mismatch', `The written file was discarded: ${problem}; choose another format.`);
  if (found.scores.length !== expected.scores.length)
    return discard(
      `expected ${expected.scores.length} scores of the network in memory, found ${found.scores.length} ${where}`,
    );
  const closeness = closenessOf(expected, found, step);
  const { largestDifference, largestScore, different, reordered } = closeness;
  const images = imageCount(expected);
  const far = `${largestDifference.toExponential(1)}, where scores go up to ${largestScore.toPrecision(2)}`;
  if (different > 0)
    return discard(
      `on ${different} of ${images} images its scores ${where} differ from those of the network in memory by more than rounding explains (by up to ${far})`,
    );
  if (reordered > 0)
    return discard(
      `${reordered} of ${images} images get another class ${where} than from the network in memory (scores differ by up to ${far})`,
    );
  return closeness;
}

async function scoresOf(network: Network, on: SelectedImages, isCancelled: () => boolean): Promise<Scores> {
  const executor = createExecutor(network);
  try {
    return await evaluate(executor, on.images, on.preprocessing, { indices: on.indices, isCancelled });
  } finally {
    executor.dispose();
  }
}
