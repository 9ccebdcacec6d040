import { nodeMacs, nodeParameters } from './cost';
import type { Conv2d, Extent, GraphNode, Network, Shape } from './graph';
import { defaultFactorisation, isDepthwise, layerNodes, requireLayer, type LayerNode } from './layerNodes';
import { layerPositions, shapeObstacle, type LayerPosition } from './layerPositions';
import type { Factorisation, LayerDescription } from './layers';
import { inferShapes, sizeOf } from './shapes';
import { ownParameters, sharedKernels } from './sharing';
import { shortcutBlocks } from './shortcuts';
import { fullRank, unfoldedColumns, unfoldedRows, unfoldingOf, type Unfolding } from './unfolding';
import { ownValue } from './ownValue';

/** Layers below this share of both MACs and parameters of the network are kept unless a person includes them. */
const smallShare = 0.005;

/** A shortcut's projection is cheap where it costs less than this share of the MACs of the block it leads around. */
const cheapShortcut = 0.25;

/**
 * Describes every convolution and dense layer in network order.
 *
 * @param factorisations by layer name; a layer that is not listed has its default: spatial for kernels larger
 * than 1 in both directions, channel for other convolutions, dense for dense layers
 * @throws FailureError `invalid-request` where a listed factorisation is not one of the layer's kind
 */
export function describeLayers(
  network: Network,
  factorisations: Readonly<Record<string, Factorisation>> = {},
): readonly LayerDescription[] {
  const { shapes } = inferShapes(network);
  const positions = layerPositions(network);
  const own = ownParameters(network);
  const leaders = sharedKernels(network);
  const descriptions = layerNodes(network).map((node) => {
    const chosen = ownValue(factorisations, node.name);
    const factorisation = chosen ?? defaultFactorisation(node.operator);
    const description = withOwn(describeLayer(node, shapes, factorisation), own, leaders);
    return shapes.has(node.output)
      ? description
      : { ...description, kept: unknownText(network, shapes, node) };
  });
  const isSmall = smallLayers(network, descriptions);
  const isShortcut = cheapShortcuts(network, descriptions);
  return descriptions.map((description) => {
    const position = positions.get(description.name);
    const isSpared = isShortcut(description);
    const keptByDefault = defaultReason(description, position, isSpared, isSmall(description));
    return { ...description, keptByDefault: description.kept === null ? keptByDefault : null };
  });
}

/**
 * Convolutions that are split spatially by default, as they are when split by channels; those that no rank makes
 * cheaper then are left out.
 */
export function describeAlternatives(network: Network): readonly LayerDescription[] {
  const spatial = layerNodes(network).filter(({ operator }) => defaultFactorisation(operator) === 'spatial');
  const channel = Object.fromEntries(spatial.map(({ name }) => [name, 'channel' as const]));
  const described = describeLayers(network, channel);
  return described.filter(({ name, kept }) => Object.hasOwn(channel, name) && kept === null);
}

/** Without the weights that an earlier layer uses, too, which are counted there. */
function withOwn(
  description: LayerDescription,
  own: ReadonlyMap<string, number>,
  leaders: ReadonlyMap<string, string>,
): LayerDescription {
  const { name, biasParameters } = description;
  const parameters = own.get(name) ?? description.parameters;
  const leader = leaders.get(name);
  if (leader === undefined) return { ...description, parameters };
  return {
    ...description,
    parameters,
    biasParameters: Math.min(biasParameters, parameters),
    kernelOf: leader,
  };
}

/**
 * Describes one layer under a factorisation. `keptByDefault` is null: it depends on the rest of the network.
 *
 * @param shapes shapes by value name, from `inferShapes`; where they lack the layer's, its MACs are 0 and it is kept
 * @throws FailureError `invalid-request` where the node is no layer or the factorisation is not one of its kind
 */
export function describeLayer(
  node: GraphNode,
  shapes: ReadonlyMap<string, Shape>,
  factorisation: Factorisation,
): LayerDescription {
  const layer = requireLayer(node);
  const { operator } = layer;
  const unfolding = unfoldingOf(layer, factorisation);
  const macs = nodeMacs(layer, shapes) ?? 0;
  const macsPerRank = factorMacs(layer, shapes, factorisation);
  const rankFull = fullRank(unfolding);
  const { firstTaps, secondTaps, groups, inputs, outputs } = unfolding;
  const rankMax = macsPerRank > 0 ? Math.min(rankFull, Math.floor(macs / macsPerRank)) : 0;
  return {
    name: layer.name,
    kind: operator.kind,
    shape: operator.kind === 'conv2d' ? convolutionText(operator) : `${inputs} → ${outputs}`,
    macs,
    parameters: nodeParameters(operator),
    factorisation,
    macsPerRank,
    parametersPerRank: groups * (firstTaps * inputs + secondTaps * outputs),
    biasParameters: operator.bias?.length ?? 0,
    rankMax,
    rankFull,
    ...(isLarge(layer, unfolding) ? { isEstimated: true } : {}),
    kept: layerObstacle(layer, shapes) ?? (rankMax < 1 ? costText(macs, macsPerRank) : null),
    keptByDefault: null,
  };
}

/** A dense layer is decomposed by a randomised method from this many multiplications on, which take half a minute. */
const largeWork = 1e11;
/** Of a matrix as narrow as this the whole decomposition is nearly as quick. */
const largeSide = 2048;

function isLarge({ operator }: LayerNode, unfolding: Unfolding): boolean {
  const side = fullRank(unfolding);
  const work = unfoldedRows(unfolding) * unfoldedColumns(unfolding) * side;
  return operator.kind === 'dense' && side >= largeSide && work >= largeWork;
}

/**
 * Why a layer cannot be factorised at all (a sentence), or null. Layers that no rank makes cheaper are not
 * meant here: cutting them is pointless but possible.
 */
export function layerObstacle(node: LayerNode, shapes: ReadonlyMap<string, Shape>): string | null {
  if (isDepthwise(node.operator)) {
    return 'Depthwise: every filter reads a channel of its own, so filters have nothing to share.';
  }
  return shapes.has(node.output)
    ? null
    : 'Its size is unknown, because the network before it cannot be worked out.';
}

/**
 * MACs of both factors at rank 1 (per group). The first factor has a filter per group, each reading I/g
 * channels, so all groups together read I; the second has O filters, each reading one filter of the first.
 * Spatial: the first factor's output is H_out × W_in, as only the vertical stride and padding are its own.
 */
function factorMacs(
  node: LayerNode,
  shapes: ReadonlyMap<string, Shape>,
  factorisation: Factorisation,
): number {
  const [input, output] = [shapes.get(node.inputs[0]), shapes.get(node.output)];
  if (!input || !output) return 0;
  const { firstTaps, secondTaps, groups, inputs, outputs } = unfoldingOf(node, factorisation);
  const positions = sizeOf(output.slice(0, -1));
  const positionsBetween = factorisation === 'spatial' ? output[0] * input[1] : positions;
  return groups * inputs * firstTaps * positionsBetween + groups * outputs * secondTaps * positions;
}

function costText(macs: number, macsPerRank: number): string {
  const [layer, cheapest] = [macs, macsPerRank].map((count) => count.toLocaleString('en'));
  return `Cannot get cheaper: its factors cost ${cheapest} MACs at rank 1, the layer itself ${layer}.`;
}

function unknownText(network: Network, shapes: ReadonlyMap<string, Shape>, node: LayerNode): string {
  const obstacle = shapeObstacle(network, shapes, node);
  if (obstacle?.operator.kind === 'unsupported') {
    return `Its size is unknown, because node "${obstacle.name}" (${obstacle.operator.operator}) before it is not supported.`;
  }
  if (obstacle) return `Its size is unknown, because the inputs of node "${obstacle.name}" do not fit it.`;
  return 'Its size is unknown, because a value before it is missing.';
}

function smallLayers(
  network: Network,
  descriptions: readonly LayerDescription[],
): (description: LayerDescription) => boolean {
  const totalMacs = descriptions.reduce((sum, { macs }) => sum + macs, 0);
  const totalParameters = [...ownParameters(network).values()].reduce((sum, own) => sum + own, 0);
  return ({ macs, parameters }) => macs < smallShare * totalMacs && parameters < smallShare * totalParameters;
}

function cheapShortcuts(
  network: Network,
  descriptions: readonly LayerDescription[],
): (description: LayerDescription) => boolean {
  const blocks = shortcutBlocks(network);
  const macsOf = new Map(descriptions.map(({ name, macs }) => [name, macs]));
  return ({ name, macs }) => {
    const block = blocks.get(name);
    const around = block?.reduce((sum, layer) => sum + (macsOf.get(layer) ?? 0), 0) ?? 0;
    return macs < cheapShortcut * around;
  };
}

function defaultReason(
  { kind }: LayerDescription,
  position: LayerPosition | undefined,
  isShortcut: boolean,
  isSmall: boolean,
): string | null {
  if (position?.readsImage && kind === 'conv2d') {
    return 'It reads the image: cheap, and everything after it depends on it.';
  }
  if (position?.givesClasses) return 'It gives the classes: cheap, and every error in it reaches the answer.';
  if (isShortcut)
    return 'It projects a shortcut: cheap beside its block, whose every signal goes around through it.';
  return isSmall
    ? "Under 0.5 % of the network's MACs and parameters: cutting it saves next to nothing."
    : null;
}

function convolutionText(operator: Conv2d): string {
  const { kernel, stride, dilation, groups } = operator;
  const [height, width, inputs, outputs] = kernel.shape;
  const parts = [
    `${height}×${width}`,
    `${inputs * groups} → ${outputs}`,
    extentText('stride', stride),
    extentText('dilation', dilation),
    isDepthwise(operator) ? 'depthwise' : null,
    groups > 1 && !isDepthwise(operator) ? `${groups} groups` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function extentText(what: string, { height, width }: Extent): string | null {
  if (height === 1 && width === 1) return null;
  return height === width ? `${what} ${height}` : `${what} ${height}×${width}`;
}
