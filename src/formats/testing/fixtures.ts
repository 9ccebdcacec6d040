import type { Network } from '../../network/graph';
import { referenceScores } from '../../network/testing/referenceExecutor';
import { toChannelsFirst, toChannelsLast } from './layout';

/** The inputs that scripts/make-onnx-fixtures.py takes: x[i] = ((37 i) mod 101) / 50 − 1. */
export function fixtureInput(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => ((index * 37) % 101) / 50 - 1);
}

/**
 * Runs a network with the plain reference executor on a batch laid out as ONNX lays it out.
 *
 * @param input all values, batch first, NCHW unless the network's source says otherwise
 * @returns the first output, batch first, NCHW
 */
export function runReferenceBatch(network: Network, input: Float32Array): Float32Array {
  const { shape } = network.input;
  const size = shape.reduce((product, extent) => product * extent, 1);
  const answers: Float32Array[] = [];
  for (let at = 0; at < input.length; at += size) {
    const image = input.subarray(at, at + size);
    const isUsual = shape.length === 3 && !network.source.inputAxes;
    const scores = referenceScores(network, isUsual ? toChannelsLast(image, shape[2]!) : image);
    const isImage = scores.shape.length === 3;
    answers.push(isImage ? toChannelsFirst(scores.data, scores.shape[2]!) : Float32Array.from(scores.data));
  }
  return Float32Array.from(answers.flatMap((answer) => [...answer]));
}
