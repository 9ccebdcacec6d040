import * as tf from '@tensorflow/tfjs-core';
import { readBack } from '../engine/readback';
import type { GraphNode, Network } from '../network/graph';

/**
 * Values that the cut network and its original both have and that end a block: sums of shortcuts behind their norms and
 * activations, or where there are none, what pools give.
 *
 * @returns their names, in network order
 */
export function blockOutputs(teacher: Network, student: Network): readonly string[] {
  const readers = readersOf(student);
  const known = new Set(teacher.nodes.map(({ output }) => output));
  const ends = (kind: string) =>
    student.nodes
      .filter(({ operator, inputs }) => operator.kind === kind && (kind !== 'add' || inputs.length > 1))
      .map((node) => endOf(node, readers).output)
      .filter((output) => known.has(output));
  const sums = ends('add');
  return [...new Set(sums.length > 0 ? sums : ends('pool'))];
}

function readersOf(network: Network): ReadonlyMap<string, readonly GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of network.nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  return readers;
}

/** Follows a value through the norm and the activation that alone read it. */
function endOf(from: GraphNode, readers: ReadonlyMap<string, readonly GraphNode[]>): GraphNode {
  let node = from;
  for (;;) {
    const [next, other] = readers.get(node.output) ?? [];
    if (!next || other || !(next.operator.kind === 'activation' || next.operator.kind === 'batchNorm'))
      return node;
    node = next;
  }
}

/** What values are apart, and the gradient of that by the student's. */
export interface BlockLoss {
  /** Over all images and values. */
  readonly sum: number;
  /** By name, of the values' shapes; the caller's. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
}

/**
 * How far the student's values are from the teacher's: the squared distance of each image's as a share of the mean square
 * of the teacher's, averaged over the values (Romero et al., "FitNets", 2015, without the regressor, as both have the same
 * channels).
 *
 * @param names of the values; without any the loss is 0
 * @param images how many the values are of
 * @param weight by which the loss counts
 */
export async function blockLoss(
  student: ReadonlyMap<string, tf.Tensor>,
  teacher: ReadonlyMap<string, tf.Tensor>,
  names: readonly string[],
  images: number,
  weight: number,
): Promise<BlockLoss> {
  const gradients = new Map<string, tf.Tensor>();
  if (names.length === 0) return { sum: 0, gradients };
  const share = weight / names.length;
  const apart = () =>
    names.map((name) => {
      const expected = teacher.get(name)!;
      const away = tf.sub(student.get(name)!, expected);
      const size = tf.maximum(tf.div(tf.sum(tf.square(expected)), images), 1e-12);
      gradients.set(name, tf.keep(tf.div(tf.mul(away, 2 * share), size)));
      return tf.div(tf.mul(tf.sum(tf.square(away)), share), size);
    });
  try {
    const total = tf.tidy(() => tf.addN(apart()));
    const [sum] = await readBack(total).finally(() => total.dispose());
    return { sum: sum!, gradients };
  } catch (error) {
    tf.dispose([...gradients.values()]);
    throw error;
  }
}
