import type { Network, Operator } from '../network/graph';
import { classCount, scoreOutput } from '../network/outputs';

/** The value in front of the last softmax: what can be softened without a logarithm of nothing. */
export function logitsOf(network: Network): string {
  const writers = new Map(network.nodes.map((node) => [node.output, node]));
  const isOfTwo = classCount(network) === 2;
  let value = scoreOutput(network);
  for (let node = writers.get(value); node; node = writers.get(value)) {
    const { kind } = node.operator;
    const [input] = node.inputs;
    if (input === undefined) break;
    if (kind === 'softmax' || kind === 'logSoftmax' || (isOfTwo && isSigmoid(node.operator))) return input;
    if (kind !== 'identity' && kind !== 'reshape' && kind !== 'flatten') break;
    value = input;
  }
  return scoreOutput(network);
}

function isSigmoid(operator: Operator): boolean {
  return operator.kind === 'activation' && operator.function === 'sigmoid';
}

/**
 * Logits of at least two classes: one number z is that of the second of two, whose first has 0.
 *
 * @param images how many
 */
export function ofClasses(values: Float32Array, images: number): Float32Array {
  if (values.length !== images) return values;
  const both = new Float32Array(2 * images);
  values.forEach((value, image) => (both[2 * image + 1] = value));
  return both;
}

/** The gradient of the logits themselves from that of {@link ofClasses}. */
export function ofValues(gradient: Float32Array, perImage: number): Float32Array {
  return perImage === 1 ? gradient.filter((_, at) => at % 2 === 1) : gradient;
}
