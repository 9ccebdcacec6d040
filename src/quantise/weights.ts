import type { WeightStorage } from '../compression/steps/quantise';
import { inferShapes } from '../network/shapes';
import type { Network, Tensor } from '../network/graph';
import { isDepthwise, layerNodes, type LayerNode } from '../network/layerNodes';
import { withWeights } from '../network/layerWeights';
import type { Patch } from '../network/patch';
import { kernelOf, sharedKernels } from '../network/sharing';
import { asHalves, asSigned, asUnsigned, storedIntegers, type StoredTensor } from '../network/stored';
import { patchGeometry, type PatchGeometry } from '../repair/geometry';
import { groupKernel } from '../repair/layerGroups';
import { maxPatchSize } from '../repair/limits';
import { patchMoments } from '../repair/patchMoments';
import { patchSize, type Moments } from '../repair/regression/regression';
import type { QuantiseRequest } from './request';
import { roundTogether } from './rounding';

/** Weight by itself; the same, and the bias takes up the mean error; weights together, with such a bias. */
export const roundings = ['nearest', 'centred', 'together'] as const;
export type Rounding = (typeof roundings)[number];

/** The layers of a network with rounded weights, in every way that was tried. */
export type RoundedWeights = Readonly<Partial<Record<Rounding, Patch>>> & { readonly nearest: Patch };

/** A tensor in some storage, each number rounded by itself. Float16 leaves what is too large for it as it is. */
function stored(tensor: Tensor, weights: WeightStorage): Tensor {
  switch (weights) {
    case 'float32':
      return tensor;
    case 'float16':
      return asHalves(tensor) ?? tensor;
    case 'int8':
      return asSigned(tensor);
    case 'uint8':
    case 'uint16':
      return asUnsigned(tensor, weights);
  }
}

/**
 * Rounds the kernels of all layers. With calibration images and whole numbers there are three ways to; without, one.
 * A kernel that several layers use stays one, rounded by itself.
 */
export async function roundedWeights(request: QuantiseRequest): Promise<RoundedWeights> {
  const { network, weights, calibration } = request;
  const known = new Map<Float32Array, Tensor>();
  const nearest = new Map(
    layerNodes(network).map((node) => {
      const kernel = kernelOf(node);
      const made = known.get(kernel.data) ?? stored(kernel, weights);
      known.set(kernel.data, made);
      return [node.name, withWeights(node, made, node.operator.bias)];
    }),
  );
  if (!calibration || weights === 'float32' || weights === 'float16') return { nearest: patchOf(nearest) };
  const centred = new Map(nearest);
  const together = new Map(nearest);
  const layers = sampledLayers(network);
  let done = 0;
  request.onProgress?.(0, layers.length);
  for await (const { layer, groups } of patchMoments({ ...request, ...calibration }, layers)) {
    const { node } = layer;
    const simple = kernelOf(nearest.get(node.name)!) as StoredTensor;
    centred.set(node.name, withMeanKept(layer, simple, groups));
    const joint = weights === 'int8' ? roundedTogether(layer, groups) : null;
    together.set(node.name, withMeanKept(layer, joint ?? simple, groups));
    request.onProgress?.(++done, layers.length);
  }
  return {
    nearest: patchOf(nearest),
    centred: patchOf(centred),
    ...(weights === 'int8' ? { together: patchOf(together) } : {}),
  };
}

function patchOf(layers: ReadonlyMap<string, LayerNode>): Patch {
  return { replacements: [...layers].map(([node, layer]) => ({ node, nodes: [layer] })) };
}

interface MeasuredLayer {
  readonly node: LayerNode;
  readonly geometry: PatchGeometry;
}

/** Layers whose patches are few enough to be held against each other, and whose kernels are theirs alone. */
function sampledLayers(network: Network): readonly MeasuredLayer[] {
  const { shapes } = inferShapes(network);
  const followers = sharedKernels(network);
  const shared = new Set([...followers.keys(), ...followers.values()]);
  return layerNodes(network).flatMap((node) => {
    const [input, output] = [shapes.get(node.inputs[0]!), shapes.get(node.output)];
    if (!input || !output || isDepthwise(node.operator) || shared.has(node.name)) return [];
    const geometry = patchGeometry(node, wholeOf(node), input, output);
    return patchSize(geometry.layout) > maxPatchSize ? [] : [{ node, geometry }];
  });
}

/** The factorisation in whose order of taps a kernel lies in memory. */
function wholeOf({ operator }: LayerNode): 'dense' | 'channel' {
  return operator.kind === 'dense' ? 'dense' : 'channel';
}

/** A group's kernel, patch × outputs; `kernel` in place of the layer's own. */
function matrixOf(node: LayerNode, kernel: Tensor, group: number): Float64Array {
  const layer = withWeights(node, kernel, null);
  const gain = new Float64Array(kernel.shape.at(-1)!).fill(1);
  return groupKernel({ node: layer, factorisation: wholeOf(node), cut: null }, group, {
    ...{ gain, offset: gain, residual: null },
    bounds: { min: -Infinity, max: Infinity },
  });
}

/** The layer with another kernel, and a bias by which it answers the same on average. */
function withMeanKept({ node }: MeasuredLayer, kernel: Tensor, groups: readonly Moments[]): LayerNode {
  const channels = kernel.shape.at(-1)!;
  const outputs = channels / groups.length;
  const bias = Float64Array.from({ length: channels }, (_, channel) => node.operator.bias?.[channel] ?? 0);
  groups.forEach(({ patchMean }, group) => {
    const before = matrixOf(node, kernelOf(node), group);
    const after = matrixOf(node, kernel, group);
    before.forEach((value, at) => {
      bias[group * outputs + (at % outputs)]! += (value - after[at]!) * patchMean[Math.floor(at / outputs)]!;
    });
  });
  return withWeights(node, kernel, Float32Array.from(bias));
}

/** The kernel with its weights rounded together; null where some group's moments tell too little. */
function roundedTogether({ node }: MeasuredLayer, groups: readonly Moments[]): StoredTensor | null {
  const { stored, shape } = asSigned(kernelOf(node));
  const outputs = shape.at(-1)! / groups.length;
  const values = new Int8Array(stored.values.length);
  for (const [group, { gram }] of groups.entries()) {
    const scales = stored.scales.subarray(group * outputs, (group + 1) * outputs);
    const levels = roundTogether(matrixOf(node, kernelOf(node), group), scales, gram);
    if (!levels) return null;
    levels.forEach((level, at) => {
      const row = Math.floor(at / outputs);
      values[(row * groups.length + group) * outputs + (at % outputs)] = level;
    });
  }
  return storedIntegers(shape, { ...stored, values });
}
