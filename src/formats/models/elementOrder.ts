import { isOrderless } from '../../network/extents';
import type { Dense, ElementOrder, GraphNode, Network, Shape, Stored } from '../../network/graph';
import { inferShapes } from '../../network/shapes';

/**
 * Lets every flatten count the elements of an image in one order, and permutes the rows of the dense layers behind
 * it: Keras and TF.js keep channels last and Caffe first, and so need no layer that reorders axes. A flatten whose
 * values go anywhere else stays.
 */
export function countedIn(order: ElementOrder, network: Network): Network {
  const { shapes } = inferShapes(network);
  return network.nodes.reduce((present, { name, operator }) => {
    if (operator.kind !== 'flatten' || operator.order === order) return present;
    const flatten = present.nodes.find((node) => node.name === name)!;
    const image = shapes.get(flatten.inputs[0]!);
    return image ? reordered(present, flatten, image, order) : present;
  }, network);
}

/** What does the same to every element of a vector. */
const keepingOrder: ReadonlySet<string> = new Set(['activation', 'identity', 'dynamicQuantise']);

function reordered(network: Network, flatten: GraphNode, image: Shape, order: ElementOrder): Network {
  const readers = isOrderless(image) ? new Set<string>() : denseReaders(network, flatten.output);
  if (!readers) return network;
  const nodes = network.nodes.map((node): GraphNode => {
    if (node === flatten) return { ...node, operator: { kind: 'flatten', order } };
    if (!readers.has(node.name) || node.operator.kind !== 'dense') return node;
    return { ...node, operator: permutedRows(node.operator, image, order) };
  });
  return { ...network, nodes };
}

/** Names of the dense layers that a value reaches by way of activations and rounding alone; null where it reaches anything else. */
function denseReaders({ nodes, outputs }: Network, value: string): ReadonlySet<string> | null {
  const dense = new Set<string>();
  const values = [value];
  for (const next of values) {
    if (outputs.includes(next)) return null;
    for (const { name, operator, inputs, output } of nodes) {
      if (!inputs.includes(next)) continue;
      if (operator.kind === 'dense') dense.add(name);
      else if (keepingOrder.has(operator.kind)) values.push(output);
      else return null;
    }
  }
  return dense;
}

/** Rows in one order of an image's elements that were in the other. */
function permutedRows(
  dense: Dense,
  [height = 1, width = 1, channels = 1]: Shape,
  order: ElementOrder,
): Dense {
  const { shape, data, stored } = dense.weights;
  const columns = shape[1]!;
  const pixels = height * width;
  const permuted = <Values extends Float32Array | Stored['values']>(values: Values): Values => {
    const result = values.slice() as Values;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const first = (channel * pixels + pixel) * columns;
        const last = (pixel * channels + channel) * columns;
        const [from, to] = order === 'hwc' ? [first, last] : [last, first];
        result.set(values.subarray(from, from + columns), to);
      }
    }
    return result;
  };
  const weights = { shape, data: permuted(data) };
  return { ...dense, weights: stored ? { ...weights, stored: permutedStored(stored, permuted) } : weights };
}

function permutedStored(
  stored: Stored,
  permuted: <Values extends Stored['values']>(values: Values) => Values,
): Stored {
  return stored.type === 'float16'
    ? { ...stored, values: permuted(stored.values) }
    : { ...stored, values: permuted(stored.values) };
}
