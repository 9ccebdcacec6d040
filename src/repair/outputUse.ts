import type { GraphNode, Network, Shape } from '../network/graph';
import type { LayerNode } from '../network/layerNodes';
import { affineOf } from '../engine/operators/fold';

/** Channels whose gain is below this share of the greatest are as good as dead; they are fitted, not corrected. */
const minGain = 1e-3;

/**
 * What the network does with a layer's output, as far as a fit can take account of it:
 * activation(gain · output + offset + residual). Repair fits in these units, so that each channel counts as
 * much as it does in the network.
 */
export interface OutputUse {
  /** Per channel, never 0. */
  readonly gain: Float64Array;
  readonly offset: Float64Array;
  /** Value that is added to the output, of the same shape and not made from it; null where there is none. */
  readonly residual: string | null;
  /** Outside of these bounds the activation is flat, so that an error there does not matter. */
  readonly bounds: { readonly min: number; readonly max: number };
}

/**
 * Follows a layer's output through a batch norm, an addition and an activation, each only where nothing else
 * reads the value before it.
 *
 * @param shapes by value name
 */
export function outputUse(
  network: Network,
  layer: LayerNode,
  channels: number,
  shapes: ReadonlyMap<string, Shape>,
): OutputUse {
  const follow = onlyReaders(network);
  let next = follow(layer.output);
  let gain: Float64Array = new Float64Array(channels).fill(1);
  let offset: Float64Array = new Float64Array(channels);
  if (next?.operator.kind === 'batchNorm') {
    ({ scale: gain, offset } = affineOf(next.operator));
    next = follow(next.output);
  }
  const residual = next ? residualOf(network, next, layer, shapes) : null;
  if (next && residual !== null) next = follow(next.output);
  return { gain: awayFromZero(gain), offset, residual, bounds: boundsOf(next) };
}

/** The one node that reads a value, identities skipped; null where several do or the network answers with it. */
function onlyReaders(network: Network): (value: string) => GraphNode | null {
  const readers = new Map<string, GraphNode[]>();
  for (const node of network.nodes) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  const follow = (value: string): GraphNode | null => {
    const [reader, ...others] = readers.get(value) ?? [];
    if (!reader || others.length > 0 || network.outputs.includes(value)) return null;
    return reader.operator.kind === 'identity' ? follow(reader.output) : reader;
  };
  return follow;
}

/** The other term of an addition of two values of the same shape, unless it is made from the layer's output. */
function residualOf(
  network: Network,
  node: GraphNode,
  layer: LayerNode,
  shapes: ReadonlyMap<string, Shape>,
): string | null {
  if (node.operator.kind !== 'add' || node.inputs.length !== 2) return null;
  const derived = valuesMadeFrom(network, layer.output);
  const others = node.inputs.filter((value) => !derived.has(value));
  const [other] = others;
  if (other === undefined || others.length !== 1) return null;
  const sameShape = shapes.get(other)?.join() === shapes.get(layer.output)?.join();
  return sameShape ? other : null;
}

/** The value itself and everything that depends on it. */
function valuesMadeFrom(network: Network, value: string): ReadonlySet<string> {
  const derived = new Set([value]);
  for (const node of network.nodes) {
    if (node.inputs.some((input) => derived.has(input))) derived.add(node.output);
  }
  return derived;
}

function boundsOf(node: GraphNode | null): OutputUse['bounds'] {
  if (node?.operator.kind !== 'activation') return { min: -Infinity, max: Infinity };
  const { function: name, alpha, beta } = node.operator;
  if (name === 'clip') return { min: alpha, max: beta };
  return { min: name === 'relu' || name === 'relu6' ? 0 : -Infinity, max: name === 'relu6' ? 6 : Infinity };
}

function awayFromZero(gain: Float64Array): Float64Array {
  const floor = minGain * gain.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
  return gain.map((value) => (Math.abs(value) >= floor ? value : value < 0 ? -floor : floor));
}
