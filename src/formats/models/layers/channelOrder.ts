import type { Dense, GraphNode, Network, Shape } from '../../../network/graph';
import { inferShapes } from '../../../network/shapes';
import { isOrderless } from './writing/shaping';

/**
 * Lets every flatten that counts channels first count them last, and permutes the rows of the dense layers behind
 * it: Keras and TF.js keep channels last, and so need no Permute. A flatten whose values go anywhere else stays.
 */
export function channelsLast(network: Network): Network {
  const { shapes } = inferShapes(network);
  return network.nodes.reduce((present, { name, operator }) => {
    if (operator.kind !== 'flatten' || operator.order !== 'chw') return present;
    const flatten = present.nodes.find((node) => node.name === name)!;
    const image = shapes.get(flatten.inputs[0]!);
    return image ? reordered(present, flatten, image) : present;
  }, network);
}

function reordered(network: Network, flatten: GraphNode, image: Shape): Network {
  const readers = isOrderless(image) ? new Set<string>() : denseReaders(network, flatten.output);
  if (!readers) return network;
  const nodes = network.nodes.map((node): GraphNode => {
    if (node === flatten) return { ...node, operator: { kind: 'flatten', order: 'hwc' } };
    if (!readers.has(node.name) || node.operator.kind !== 'dense') return node;
    return { ...node, operator: permutedRows(node.operator, image) };
  });
  return { ...network, nodes };
}

/** Names of the dense layers that a value reaches by way of activations alone; null where it reaches anything else. */
function denseReaders({ nodes, outputs }: Network, value: string): ReadonlySet<string> | null {
  const dense = new Set<string>();
  const values = [value];
  for (const next of values) {
    if (outputs.includes(next)) return null;
    for (const { name, operator, inputs, output } of nodes) {
      if (!inputs.includes(next)) continue;
      if (operator.kind === 'dense') dense.add(name);
      else if (operator.kind === 'activation' || operator.kind === 'identity') values.push(output);
      else return null;
    }
  }
  return dense;
}

/** Rows in the order (height, width, channel) that were in the order (channel, height, width). */
function permutedRows(dense: Dense, [height = 1, width = 1, channels = 1]: Shape): Dense {
  const { shape, data } = dense.weights;
  const columns = shape[1]!;
  const pixels = height * width;
  const permuted = new Float32Array(data.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      const from = (channel * pixels + pixel) * columns;
      permuted.set(data.subarray(from, from + columns), (pixel * channels + channel) * columns);
    }
  }
  return { ...dense, weights: { shape, data: permuted } };
}
