import type { GraphNode, Network, Shape } from './graph';
import { isLayer } from './layerNodes';
import { scoreOutput } from './outputs';

/** Where a layer stands among the other convolutions and dense layers. */
export interface LayerPosition {
  /** No convolution or dense layer lies before it: it sees the image itself. */
  readonly readsImage: boolean;
  /** The class scores come from it, and no convolution or dense layer lies behind it. */
  readonly givesClasses: boolean;
}

/** The position of every node, by node name; nodes must be in network order. */
export function layerPositions(network: Network): ReadonlyMap<string, LayerPosition> {
  const behindLayers = valuesBehindLayers(network);
  const beforeLayers = valuesBeforeLayers(network);
  const scoring = valuesBefore(network, new Set(network.outputs.length > 0 ? [scoreOutput(network)] : []));
  return new Map(
    network.nodes.map(({ name, inputs, output }) => [
      name,
      {
        readsImage: !inputs.some((value) => behindLayers.has(value)),
        givesClasses: scoring.has(output) && !beforeLayers.has(output),
      },
    ]),
  );
}

function valuesBehindLayers(network: Network): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of network.nodes) {
    if (isLayer(node) || node.inputs.some((value) => found.has(value))) found.add(node.output);
  }
  return found;
}

function valuesBeforeLayers(network: Network): ReadonlySet<string> {
  return valuesBefore(network, new Set(network.nodes.filter(isLayer).flatMap(({ inputs }) => inputs)));
}

/** The given values and all that they are computed from. */
function valuesBefore(network: Network, values: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(values);
  for (const node of network.nodes.toReversed()) {
    if (found.has(node.output)) node.inputs.forEach((value) => found.add(value));
  }
  return found;
}

/**
 * The node to blame where a layer's shape is unknown: the nearest one before it (itself included) whose inputs
 * are known and whose output is not.
 */
export function shapeObstacle(
  network: Network,
  shapes: ReadonlyMap<string, Shape>,
  layer: GraphNode,
): GraphNode | undefined {
  const before = valuesBefore(network, new Set([layer.output]));
  const isStuck = ({ inputs, output }: GraphNode) =>
    !shapes.has(output) && inputs.every((value) => shapes.has(value));
  return network.nodes.findLast((node) => before.has(node.output) && isStuck(node));
}
