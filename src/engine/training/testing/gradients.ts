import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../../../network/graph';
import { sizeOf } from '../../../network/shapes';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { trainable } from '..';
import { parametersOf, trainedNodes } from '../parameters';

const noPause = () => undefined;

/** The gradient of Σ cotangent · output with respect to all parameters, by the engine. */
export async function gradientOf(
  network: Network,
  input: Float32Array,
  cotangent: Float32Array,
): Promise<Float32Array> {
  const [output = ''] = network.outputs;
  const net = trainable(network, [output]);
  const images = input.length / sizeOf(network.input.shape);
  const x = tf.tensor(input, [images, ...network.input.shape]);
  const loaded = net.load(net.initial);
  const total = new Float32Array(net.parameters.size);
  try {
    const judge = (values: ReadonlyMap<string, tf.Tensor>) =>
      Promise.resolve(new Map([[output, tf.tensor(cotangent, values.get(output)!.shape)]]));
    await loaded.addGradient(x, judge, total, noPause);
  } finally {
    loaded.dispose();
    x.dispose();
  }
  return total;
}

/** Some entries of every array of parameters, the first and the last among them. */
export function somePlaces(network: Network): readonly number[] {
  const most = 16;
  return parametersOf(network).list.flatMap(({ offset, size }) => {
    const count = Math.min(most, size);
    return Array.from(
      { length: count },
      (_, at) => offset + Math.round((at * (size - 1)) / Math.max(1, count - 1)),
    );
  });
}

/** Central differences of the same for some parameters, by the plain executor in double precision. */
export function numericalGradient(
  network: Network,
  input: Float32Array,
  cotangent: Float32Array,
  places: readonly number[],
): readonly number[] {
  const parameters = parametersOf(network);
  const size = sizeOf(network.input.shape);
  const images = input.length / size;
  const present = new Float32Array(parameters.size);
  for (const { node, field, offset } of parameters.list) {
    const { operator } = network.nodes.find(({ name }) => name === node)!;
    const value = (operator as unknown as Record<string, Float32Array | { data: Float32Array }>)[field]!;
    present.set(value instanceof Float32Array ? value : value.data, offset);
  }
  const lossAt = (weights: Float32Array): number => {
    const nodes = new Map(trainedNodes(network, parameters, weights).map((node) => [node.name, node]));
    const changed = { ...network, nodes: network.nodes.map((node) => nodes.get(node.name) ?? node) };
    let sum = 0;
    for (let image = 0; image < images; image++) {
      const { data } = referenceScores(changed, input.subarray(image * size, (image + 1) * size));
      data.forEach((value, at) => (sum += value * cotangent[image * data.length + at]!));
    }
    return sum;
  };
  return places.map((at) => {
    const value = present[at]!;
    const step = 2 ** -13;
    const [up, down] = [value + step, value - step].map((moved) => {
      const weights = present.slice();
      weights[at] = moved;
      return { at: weights[at], loss: lossAt(weights) };
    });
    return (up!.loss - down!.loss) / (up!.at! - down!.at!);
  });
}
