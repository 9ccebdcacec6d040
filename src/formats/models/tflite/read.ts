import { FailureError } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { stem, type NamedFile } from '../../file';
import { foldPadding, foldPoolPadding } from '../layers/foldPadding';
import type { ReadOptions } from '../reader';
import { networkOfGraph, type SourceFormat } from '../tfjs/graph/network';
import { tfliteConverters } from './converters';
import { batchOf, sourceGraphOf, untranslated } from './graph';
import { parseModel } from './model';
import { adviceFor } from './unknown';

const tensorFlowLite: SourceFormat = {
  id: 'tflite',
  converters: tfliteConverters,
  adviceFor: (op) => (op.startsWith(untranslated) ? op.slice(untranslated.length) : adviceFor(op)),
};

/**
 * Reads a TensorFlow Lite file. Weights that are stored in fewer bits become float32; operators that the studio cannot
 * compute become `unsupported` nodes with the reason, which is no failure here.
 *
 * @throws FailureError `unreadable-file` with a sentence that names the file, where and what is wrong
 */
export function readTflite(file: NamedFile, options: ReadOptions): Network {
  try {
    const model = parseModel(file.bytes);
    const network = networkOfGraph(sourceGraphOf(model, stem(file.name)), tensorFlowLite, options);
    const { outputs } = network;
    return {
      ...network,
      nodes: foldPoolPadding(foldPadding(network.nodes, outputs), outputs),
      metadata: model.metadata,
      source: { format: tensorFlowLite.id, batch: batchOf(model) },
    };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw new FailureError(error.code, `${file.name}: ${error.message}`);
  }
}
