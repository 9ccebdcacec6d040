import type { GraphNode, Network, Operator, Tensor } from '../../network/graph';

/** Numbers of a node that training changes, and where they lie among all of them. */
export interface Parameter {
  /** Name of a node that has them; others may share them. */
  readonly node: string;
  readonly field: ParameterField;
  readonly offset: number;
  readonly size: number;
}

export type ParameterField = 'kernel' | 'weights' | 'bias' | 'scale' | 'offset';

/** The numbers of a network that training changes, side by side in one array. */
export interface TrainedParameters {
  readonly list: readonly Parameter[];
  /** Of the whole array. */
  readonly size: number;
  /** Where an operator's own array lies; undefined where it is not trained. */
  placeOf(values: Float32Array): Parameter | undefined;
}

/**
 * What can be trained: kernels, weights and biases of layers, scales and offsets of batch norms (their statistics stay as
 * they are). Layers that the file holds in fewer bits are left alone, because trained weights would be on none of its levels.
 * What several layers use is one parameter.
 */
export function parametersOf(network: Network): TrainedParameters {
  const places = new Map<Float32Array, Parameter>();
  const kept = new Set(network.nodes.flatMap(keptArrays));
  let size = 0;
  for (const node of network.nodes) {
    for (const [field, values] of trainedFields(node)) {
      if (places.has(values) || kept.has(values)) continue;
      places.set(values, { node: node.name, field, offset: size, size: values.length });
      size += values.length;
    }
  }
  return { list: [...places.values()], size, placeOf: (values) => places.get(values) };
}

/** Arrays that stand for whole numbers. */
function keptArrays({ operator }: Pick<GraphNode, 'operator'>): readonly Float32Array[] {
  if (operator.kind !== 'conv2d' && operator.kind !== 'dense') return [];
  const { data, stored } = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  return stored && stored.type !== 'float16' ? [data] : [];
}

/** The arrays of a node that are trained, by name. */
function trainedFields({ operator }: GraphNode): readonly (readonly [ParameterField, Float32Array])[] {
  if (operator.kind === 'batchNorm') {
    return [
      ['scale', operator.scale],
      ['offset', operator.offset],
    ];
  }
  if (operator.kind !== 'conv2d' && operator.kind !== 'dense') return [];
  const isConvolution = operator.kind === 'conv2d';
  const tensor = isConvolution ? operator.kernel : operator.weights;
  if (keptArrays({ operator }).length > 0) return [];
  const own = [isConvolution ? 'kernel' : 'weights', tensor.data] as const;
  return operator.bias ? [own, ['bias', operator.bias]] : [own];
}

/** Where a matrix lies among all parameters, row-major: a kernel's taps and inputs, times its outputs. */
export interface MatrixPlace {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** The kernels and weights among the parameters, in the order of their offsets. */
export function matricesOf(network: Network, { placeOf }: TrainedParameters): readonly MatrixPlace[] {
  const places = network.nodes.flatMap(({ operator }) => {
    if (operator.kind !== 'conv2d' && operator.kind !== 'dense') return [];
    const { shape, data } = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
    const place = placeOf(data);
    const columns = shape[shape.length - 1]!;
    return place ? [{ offset: place.offset, rows: place.size / columns, columns }] : [];
  });
  const byOffset = new Map(places.map((place) => [place.offset, place]));
  return [...byOffset.values()].sort((a, b) => a.offset - b.offset);
}

/** The network's parameters as they are. */
export function initialWeights(network: Network, parameters: TrainedParameters): Float32Array {
  const weights = new Float32Array(parameters.size);
  for (const node of network.nodes) {
    for (const [, values] of trainedFields(node)) {
      const place = parameters.placeOf(values);
      if (place) weights.set(values, place.offset);
    }
  }
  return weights;
}

/** The nodes of a network that have parameters, with other values for them; what was shared is shared again. */
export function trainedNodes(
  network: Network,
  parameters: TrainedParameters,
  weights: Float32Array,
): readonly GraphNode[] {
  const arrays = new Map<Float32Array, Float32Array>();
  const array = (values: Float32Array): Float32Array => {
    const place = parameters.placeOf(values);
    if (!place) return values;
    const own = arrays.get(values) ?? weights.slice(place.offset, place.offset + place.size);
    arrays.set(values, own);
    return own;
  };
  return network.nodes.flatMap((node) =>
    trainedFields(node).length === 0 ? [] : [{ ...node, operator: withArrays(node.operator, array) }],
  );
}

function withArrays(operator: Operator, array: (values: Float32Array) => Float32Array): Operator {
  const tensor = ({ shape, data }: Tensor): Tensor => ({ shape, data: array(data) });
  if (operator.kind === 'conv2d')
    return { ...operator, kernel: tensor(operator.kernel), bias: operator.bias && array(operator.bias) };
  if (operator.kind === 'dense')
    return { ...operator, weights: tensor(operator.weights), bias: operator.bias && array(operator.bias) };
  if (operator.kind === 'batchNorm')
    return { ...operator, scale: array(operator.scale), offset: array(operator.offset) };
  throw new Error(`training: expected an operator with parameters, got ${operator.kind}`);
}
