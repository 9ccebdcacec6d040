import type { Numbers } from '../../../../../network/testing/builders';
import { attribute, type GraphBuilder } from './building';
import { any, Draft, image, vector, type Attributes, type Recipe, type Value } from './draft';
import { newerRecipes } from './newerRecipes';

interface Window {
  readonly size: readonly [number, number];
  readonly attributes: Attributes;
  readonly shape: (channels: number) => number[];
}

/** A window, its strides and padding, and the size of what it leaves. */
function windowOf({ draw }: Draft, { shape }: Value, allowsExplicit: boolean, isEven = false): Window {
  const [height, width] = shape as [number, number, number];
  const size = [draw.whole(1, Math.min(3, height)), draw.whole(1, Math.min(3, width))] as const;
  const padding = draw.pick(['SAME', 'VALID', ...(allowsExplicit ? ['EXPLICIT'] : [])]);
  const vertical = draw.whole(1, 2);
  const strides = [vertical, isEven ? vertical : draw.whole(1, 2)];
  const sides = [draw.whole(0, 1), draw.whole(0, 1), draw.whole(0, 1), draw.whole(0, 1)];
  const left = [height, width].map((extent, axis) => {
    if (padding === 'SAME') return Math.ceil(extent / strides[axis]!);
    const around = padding === 'EXPLICIT' ? sides[2 * axis]! + sides[2 * axis + 1]! : 0;
    return Math.floor((extent + around - size[axis]!) / strides[axis]!) + 1;
  });
  const explicit =
    padding === 'EXPLICIT' ? { explicit_paddings: attribute.integers(0, 0, ...sides, 0, 0) } : {};
  const attributes = {
    strides: attribute.integers(1, ...strides, 1),
    dilations: attribute.integers(1, 1, 1, 1),
    padding: attribute.text(padding),
    data_format: attribute.text('NHWC'),
    ...explicit,
  };
  return { size, attributes, shape: (channels) => [...left, channels] };
}

function pool(op: string): Recipe {
  return image((draft, value) => {
    const { size, attributes, shape } = windowOf(draft, value, false);
    const window = { ...attributes, ksize: attribute.integers(1, ...size, 1) };
    return draft.node(op, [value.name], shape(value.shape[2]!), window);
  });
}

/** What a fused node computes behind its layer: a bias, and perhaps an activation. */
function fused({ draw }: Draft): Attributes {
  const activation = draw.pick([[], ['Relu'], ['Relu6'], ['Elu']]);
  return { fused_ops: attribute.texts('BiasAdd', ...activation), num_args: { i: '1' } };
}

function convolution(op: string, isFused: boolean): Recipe {
  return image((draft, value) => {
    const channels = value.shape[2]!;
    const outputs = draft.draw.whole(1, 5);
    const { size, attributes, shape } = windowOf(draft, value, !isFused);
    const inputs = [value.name, draft.weight(...size, channels, outputs)];
    const behind = isFused ? fused(draft) : {};
    if (isFused) inputs.push(draft.weight(outputs));
    return draft.node(op, inputs, shape(outputs), { ...attributes, ...behind });
  });
}

function depthwise(op: string, isFused: boolean): Recipe {
  return image((draft, value) => {
    const channels = value.shape[2]!;
    const multiplier = draft.draw.whole(1, 2);
    const { size, attributes, shape } = windowOf(draft, value, false, true);
    const inputs = [value.name, draft.weight(...size, channels, multiplier)];
    const behind = isFused ? fused(draft) : {};
    if (isFused) inputs.push(draft.weight(channels * multiplier));
    return draft.node(op, inputs, shape(channels * multiplier), { ...attributes, ...behind });
  });
}

function matrix(op: string, isFused: boolean): Recipe {
  return vector((draft, value) => {
    const outputs = draft.draw.whole(2, 6);
    const isTurned = draft.draw.uniform() < 0.4;
    const weights = isTurned ? [outputs, value.shape[0]!] : [value.shape[0]!, outputs];
    const inputs = [value.name, draft.weight(...weights)];
    const behind = isFused ? fused(draft) : {};
    if (isFused) inputs.push(draft.weight(outputs));
    return draft.node(op, inputs, [outputs], { transpose_b: attribute.flag(isTurned), ...behind });
  });
}

const batchNorm = (op: string): Recipe =>
  image((draft, { name, shape }) => {
    const channels = shape[2]!;
    const parts = [
      draft.weight(channels),
      draft.weight(channels),
      draft.weight(channels),
      draft.positive(channels),
    ];
    return draft.node(op, [name, ...parts], shape, {
      epsilon: attribute.number(0.002),
      is_training: attribute.flag(false),
      data_format: attribute.text('NHWC'),
    });
  });

/** With a constant, one per channel or one number, or with another value. */
const combination = (op: string): Recipe =>
  any((draft, value) => {
    const channels = value.shape.at(-1)!;
    const form = draft.draw.whole(0, 2);
    const other = [() => draft.weight(channels), () => draft.weight(), () => draft.branch(value).name][form]!;
    const names = [value.name, other()];
    return draft.node(op, draft.draw.uniform() < 0.5 ? names : names.toReversed(), value.shape);
  });

const inverse = (op: string): Recipe =>
  any((draft, { name, shape }) => draft.node(op, [name, draft.positive(shape.at(-1)!)], shape));

const same = (op: string, attributes: Attributes = {}): Recipe =>
  any((draft, { name, shape }) => draft.node(op, [name], shape, attributes));

const reduction = (op: string): Recipe =>
  image((draft, { name, shape }) => {
    const keeps = draft.draw.uniform() < 0.5;
    const axes = draft.draw.pick([
      [1, 2],
      [2, 1],
      [-3, -2],
    ]);
    const channels = shape[2]!;
    const attributes = { keep_dims: attribute.flag(keeps) };
    return draft.node(op, [name, draft.integers(...axes)], keeps ? [1, 1, channels] : [channels], attributes);
  });

const padding = (op: string): Recipe =>
  image((draft, { name, shape }) => {
    const [height, width, channels] = shape as [number, number, number];
    const inputs = [name, draft.graph.weightPads(`pads_${name}`)];
    if (op === 'PadV2') inputs.push(draft.weight());
    return draft.node(op, inputs, [height + 3, width + 3, channels]);
  });

/** Every operator that can be read. */
export const recipes: Readonly<Record<string, Recipe>> = {
  Add: combination('Add'),
  AddV2: combination('AddV2'),
  Mul: combination('Mul'),
  Sub: inverse('Sub'),
  RealDiv: inverse('RealDiv'),
  AddN: any((draft, value) =>
    draft.node('AddN', [value.name, draft.branch(value).name, draft.branch(value).name], value.shape),
  ),
  AvgPool: pool('AvgPool'),
  MaxPool: pool('MaxPool'),
  BiasAdd: any((draft, { name, shape }) => draft.node('BiasAdd', [name, draft.weight(shape.at(-1)!)], shape)),
  ConcatV2: any((draft, value) => {
    const axis = draft.draw.whole(1, value.shape.length);
    const shape = value.shape.map((extent, place) => (place === axis - 1 ? 2 * extent : extent));
    const given = draft.draw.pick([axis, axis - value.shape.length - 1]);
    return draft.node('ConcatV2', [value.name, draft.branch(value).name, draft.integer(given)], shape);
  }),
  Conv2D: convolution('Conv2D', false),
  _FusedConv2D: convolution('_FusedConv2D', true),
  DepthwiseConv2dNative: depthwise('DepthwiseConv2dNative', false),
  FusedDepthwiseConv2dNative: depthwise('FusedDepthwiseConv2dNative', true),
  MatMul: matrix('MatMul', false),
  _FusedMatMul: matrix('_FusedMatMul', true),
  FusedBatchNorm: batchNorm('FusedBatchNorm'),
  FusedBatchNormV2: batchNorm('FusedBatchNormV2'),
  FusedBatchNormV3: batchNorm('FusedBatchNormV3'),
  Identity: same('Identity'),
  StopGradient: same('StopGradient'),
  Max: reduction('Max'),
  Mean: reduction('Mean'),
  Pad: padding('Pad'),
  PadV2: padding('PadV2'),
  Prelu: image((draft, { name, shape }) => draft.node('Prelu', [name, draft.weight(1, 1, 1)], shape)),
  Reshape: any((draft, { name, shape }) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const height = draft.draw.pick([1, 2, 3].filter((divisor) => size % divisor === 0));
    const target = draft.draw.pick([[size], [height, 1, size / height]]);
    return draft.node('Reshape', [name, draft.integers(-1, ...target)], target);
  }),
  Softmax: vector((draft, { name, shape }) => draft.node('Softmax', [name], shape)),
  Squeeze: image((draft, value) => {
    const channels = value.shape[2]!;
    const attributes = { keep_dims: attribute.flag(true) };
    const mean = draft.node('Mean', [value.name, draft.integers(1, 2)], [1, 1, channels], attributes);
    return draft.node('Squeeze', [mean.name], [channels], { squeeze_dims: attribute.integers(1, 2) });
  }),
  ExpandDims: vector((draft, value) => {
    const places = draft.draw.pick([
      [1, 1],
      [1, -2],
      [-1, -1],
      [1, 3],
    ]);
    const image = places.reduce<Value>(({ name, shape }, place) => {
      const at = place < 0 ? place + shape.length + 1 : place - 1;
      return draft.node('ExpandDims', [name, draft.integer(place)], shape.toSpliced(at, 0, 1));
    }, value);
    return image;
  }),
  LeakyRelu: same('LeakyRelu', { alpha: attribute.number(0.3) }),
  ...Object.fromEntries(
    ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'Softplus', 'Selu'].map((op) => [op, same(op)]),
  ),
  ...newerRecipes,
};

const surroundings = ['Conv2D', 'MatMul', 'Relu', 'Add', 'Mean', 'MaxPool', 'FusedBatchNormV3'];

const suits = ({ reads }: Recipe, { shape }: Value) =>
  reads === 'any' || reads === (shape.length === 3 ? 'image' : 'vector');

function neighbour(draft: Draft, value: Value): Value {
  const possible = surroundings.filter((op) => suits(recipes[op]!, value));
  return recipes[draft.draw.pick(possible)]!.apply(draft, value);
}

/**
 * A graph with the operator somewhere in it, which answers with a vector.
 * @param depth number of operators before it
 */
export function randomGraph(
  op: string,
  draw: Numbers,
  depth: number,
): { graph: GraphBuilder; output: string } {
  const recipe = recipes[op]!;
  const shapes = {
    image: [
      [6, 7, 3],
      [8, 5, 2],
    ],
    vector: [[12], [7]],
    any: [[6, 7, 3], [12]],
  };
  const draft = new Draft(draw, draw.pick(shapes[recipe.reads]));
  let value: Value = { name: 'x', shape: draft.graph.inputShape };
  for (let index = 0; index < depth; index++) {
    const next = neighbour(draft, value);
    if (suits(recipe, next)) value = next;
  }
  value = neighbour(draft, recipe.apply(draft, value));
  const size = value.shape.reduce((product, extent) => product * extent, 1);
  if (value.shape.length > 1) value = draft.node('Reshape', [value.name, draft.integers(-1, size)], [size]);
  return { graph: draft.graph, output: matrix('MatMul', false).apply(draft, value).name };
}
