import { contentDigest } from './contentDigest';
import type { GraphNode, Network, Operator, Tensor } from './graph';
import { isLayer, type LayerNode } from './layerNodes';
import { weightsOf } from './operators';

/*
 * Weights that several nodes use are one array, the same object: a layer that is called twice, an initializer that two
 * nodes read. They are counted once, and forms that can hold them once do.
 */

/**
 * An operator with the weights of another where they hold the same numbers, so that both use one array.
 *
 * @param former of the same kind, or it is passed over
 */
export function withWeightsOf<Kind extends Operator>(operator: Kind, former: Operator): Kind {
  if (operator.kind !== former.kind) return operator;
  const others = former as unknown as Readonly<Record<string, unknown>>;
  const members = Object.entries(operator).map(([key, value]: [string, unknown]) => [
    key,
    shared(value, others[key]),
  ]);
  return Object.fromEntries(members) as Kind;
}

function shared(own: unknown, other: unknown): unknown {
  if (own instanceof Float32Array && other instanceof Float32Array) return isSame(own, other) ? other : own;
  if (!isTensor(own) || !isTensor(other)) return own;
  return { ...own, data: isSame(own.data, other.data) ? other.data : own.data };
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'data' in value && value.data instanceof Float32Array;
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}

/**
 * Parameters of every node, by name, in network order: an array that an earlier node uses counts there and not again.
 */
export function ownParameters({ nodes }: Network): ReadonlyMap<string, number> {
  const counted = new Set<Float32Array>();
  return new Map(
    nodes.map(({ name, operator }) => {
      const fresh = weightsOf(operator).filter(({ data, isLearned }) => isLearned && !counted.has(data));
      fresh.forEach(({ data }) => counted.add(data));
      return [name, fresh.reduce((sum, { expected }) => sum + expected, 0)];
    }),
  );
}

/** By layer whose kernel an earlier layer uses: the name of the first that does. */
export function sharedKernels({ nodes }: Network): ReadonlyMap<string, string> {
  const first = new Map<Float32Array, string>();
  const followers = new Map<string, string>();
  for (const node of nodes.filter(isLayer)) {
    const { data } = kernelOf(node);
    const leader = first.get(data);
    if (leader === undefined) first.set(data, node.name);
    else followers.set(node.name, leader);
  }
  return followers;
}

/** The kernel of a convolution, or the weights of a dense layer. */
export function kernelOf({ operator }: LayerNode): Tensor {
  return operator.kind === 'conv2d' ? operator.kernel : operator.weights;
}

/**
 * Pairs of factors in which those that were made of one kernel at one rank are one pair of arrays.
 *
 * @param pairs by the layer that they take the place of
 */
export function withSharedFactors(
  pairs: readonly (readonly [layer: GraphNode, factors: readonly GraphNode[]])[],
): readonly (readonly GraphNode[])[] {
  const uses = new Map<Float32Array, number>();
  for (const [layer] of pairs) {
    if (!isLayer(layer)) continue;
    const { data } = kernelOf(layer);
    uses.set(data, (uses.get(data) ?? 0) + 1);
  }
  const known = new Map<string, Float32Array>();
  const numbers = new Map<Float32Array, number>();
  return pairs.map(([layer, factors]) => {
    if (!isLayer(layer) || uses.get(kernelOf(layer).data) === 1) return factors;
    const { data } = kernelOf(layer);
    const number = numbers.get(data) ?? numbers.size;
    numbers.set(data, number);
    return factors.map((node, at) => ({
      ...node,
      operator: withKnownArrays(node.operator, known, `${number} ${at}`),
    }));
  });
}

/** An operator with the first array of the same numbers in the same role in place of each of its own. */
function withKnownArrays<Kind extends Operator>(
  operator: Kind,
  known: Map<string, Float32Array>,
  place: string,
): Kind {
  const firstOf = (member: string, own: Float32Array) => {
    const role = `${place} ${operator.kind} ${member} ${contentDigest(own)}`;
    const former = known.get(role) ?? own;
    known.set(role, former);
    return isSame(own, former) ? former : own;
  };
  const members = Object.entries(operator).map(([member, value]: [string, unknown]) => {
    if (value instanceof Float32Array) return [member, firstOf(member, value)];
    return [member, isTensor(value) ? { ...value, data: firstOf(member, value.data) } : value];
  });
  return Object.fromEntries(members) as Kind;
}
