import type {
  Activation,
  ActivationFunction,
  Conv2d,
  GraphNode,
  Network,
  Operator,
  Pool,
  Resize,
  Shape,
} from '../../../network/graph';
import {
  activation,
  arbitraryConvolution,
  evenPadding,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  randomTensor,
  seededNumbers,
  smallResidualNetwork,
  square,
  type Numbers,
} from '../../../network/testing/builders';

/** A network whose parameters' gradients are known by other means, and two inputs for it. */
export interface GradientCase {
  readonly name: string;
  readonly network: Network;
  readonly input: Float32Array;
}

/**
 * Operators behind a dense layer from one number to all values that they read: the gradients of its weights and biases are
 * those of every value.
 *
 * @param shift mean of the values that the operators read
 */
function behindDense(
  name: string,
  shapes: readonly Shape[],
  operators: readonly Operator[],
  shift = 0,
): GradientCase {
  const numbers = seededNumbers(name.length + 31);
  const sources = shapes.flatMap((shape, at): GraphNode[] => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const dense = randomDense(numbers, 1, size);
    const bias = dense.bias!.map((value) => (shift > 0 ? shift + 0.2 * Math.tanh(value) : value));
    const weights = { ...dense.weights, data: dense.weights.data.map((value) => 0.3 * value) };
    return [
      nodeOf(`dense${at}`, ['image'], { ...dense, weights, bias }),
      nodeOf(`source${at}`, [`dense${at}:0`], { kind: 'reshape', shape, order: 'hwc' }),
    ];
  });
  let inputs = shapes.map((_, at) => `source${at}:0`);
  const nodes = operators.map((operator, at) => {
    const node = nodeOf(`node${at}`, inputs, operator);
    inputs = [node.output];
    return node;
  });
  return { name, network: networkOf([1], [...sources, ...nodes]), input: Float32Array.of(0.5, -0.75) };
}

const numbers = seededNumbers(5);
const image: Shape = [3, 2, 4];

function convolutionCase(name: string, operator: Conv2d, size: readonly [number, number]): GradientCase {
  return behindDense(name, [[...size, operator.kernel.shape[2]! * operator.groups]], [operator]);
}

const convolutions: readonly GradientCase[] = (
  [
    ['3×3', [5, 6], { kernel: square(3), inputs: 4, outputs: 8, padding: evenPadding(1) }],
    ['3×3, odd channels', [4, 5], { kernel: square(3), inputs: 3, outputs: 5, padding: evenPadding(1) }],
    ['3×3 by tiles', [8, 8], { kernel: square(3), inputs: 4, outputs: 4, padding: evenPadding(1) }],
    [
      '3×3, stride 2',
      [6, 6],
      { kernel: square(3), inputs: 4, outputs: 4, stride: square(2), padding: evenPadding(1) },
    ],
    ['3×3, stride 2, odd sizes', [5, 7], { kernel: square(3), inputs: 4, outputs: 4, stride: square(2) }],
    [
      '3×3, stride 3, pixels that nothing reads',
      [8, 8],
      { kernel: square(3), inputs: 2, outputs: 4, stride: square(3) },
    ],
    [
      '3×3, dilation 2',
      [6, 5],
      { kernel: square(3), inputs: 4, outputs: 4, dilation: square(2), padding: evenPadding(2) },
    ],
    [
      '3×3, dilation and stride 2',
      [8, 7],
      {
        kernel: square(3),
        inputs: 2,
        outputs: 4,
        dilation: square(2),
        stride: square(2),
        padding: evenPadding(2),
      },
    ],
    [
      '3×1',
      [8, 4],
      {
        kernel: { height: 3, width: 1 },
        inputs: 4,
        outputs: 6,
        padding: { top: 1, bottom: 1, left: 0, right: 0 },
      },
    ],
    [
      '3×1, stride 2',
      [8, 3],
      {
        ...{ kernel: { height: 3, width: 1 }, inputs: 4, outputs: 8, stride: { height: 2, width: 1 } },
        padding: { top: 1, bottom: 1, left: 0, right: 0 },
      },
    ],
    [
      '1×3',
      [4, 8],
      {
        kernel: { height: 1, width: 3 },
        inputs: 4,
        outputs: 8,
        padding: { top: 0, bottom: 0, left: 1, right: 1 },
      },
    ],
    [
      '1×3, stride 2',
      [3, 8],
      {
        ...{ kernel: { height: 1, width: 3 }, inputs: 4, outputs: 4, stride: { height: 1, width: 2 } },
        padding: { top: 0, bottom: 0, left: 1, right: 1 },
      },
    ],
    ['1×1', [4, 3], { kernel: square(1), inputs: 6, outputs: 8 }],
    ['1×1, stride 2', [4, 5], { kernel: square(1), inputs: 4, outputs: 4, stride: square(2) }],
    [
      'uneven padding, an even kernel',
      [5, 5],
      {
        kernel: { height: 2, width: 4 },
        inputs: 2,
        outputs: 4,
        padding: { top: 0, bottom: 1, left: 1, right: 2 },
      },
    ],
    [
      'wider padding than kernel',
      [3, 3],
      { kernel: square(2), inputs: 2, outputs: 4, padding: { top: 3, bottom: 2, left: 2, right: 3 } },
    ],
    ['groups', [4, 5], { kernel: square(3), inputs: 8, outputs: 8, groups: 2, padding: evenPadding(1) }],
    [
      'groups, stride 2',
      [5, 4],
      { kernel: square(3), inputs: 6, outputs: 9, groups: 3, stride: square(2), padding: evenPadding(1) },
    ],
    ['depthwise', [5, 4], { kernel: square(3), inputs: 6, outputs: 6, groups: 6, padding: evenPadding(1) }],
    [
      'depthwise, stride 2',
      [6, 5],
      { kernel: square(3), inputs: 4, outputs: 4, groups: 4, stride: square(2), padding: evenPadding(1) },
    ],
    [
      'depthwise, two outputs a channel',
      [4, 4],
      { kernel: square(3), inputs: 4, outputs: 8, groups: 4, padding: evenPadding(1) },
    ],
    ['without bias', [4, 4], { kernel: square(3), inputs: 4, outputs: 4, bias: false }],
  ] as const
).map(([name, size, options]) => convolutionCase(name, randomConvolution(numbers, options), size));

const drawn: readonly GradientCase[] = Array.from({ length: 12 }, (_, seed) => {
  const { operator, input } = arbitraryConvolution(seededNumbers(seed + 100));
  return behindDense(`drawn convolution ${seed}`, [input], [operator]);
});

/** Factors of any rank, whose channels between are filled up, with what is fused behind them. */
function factors(name: string, rank: number, own: Numbers): GradientCase {
  const first = { kernel: { height: 3, width: 1 }, inputs: 4, outputs: rank, bias: false };
  const second = { kernel: { height: 1, width: 3 }, inputs: rank, outputs: 4 };
  const network = networkOf(
    [6, 6, 3],
    [
      nodeOf(
        'stem',
        ['image'],
        randomConvolution(own, { kernel: square(3), inputs: 3, outputs: 4, padding: evenPadding(1) }),
      ),
      nodeOf('stemRelu', ['stem:0'], activation('relu')),
      nodeOf(
        'first',
        ['stemRelu:0'],
        randomConvolution(own, { ...first, padding: { top: 1, bottom: 1, left: 0, right: 0 } }),
      ),
      nodeOf(
        'second',
        ['first:0'],
        randomConvolution(own, { ...second, padding: { top: 0, bottom: 0, left: 1, right: 1 } }),
      ),
      nodeOf('norm', ['second:0'], randomBatchNorm(own, 4)),
      nodeOf('sum', ['norm:0', 'stemRelu:0'], { kind: 'add' }),
      nodeOf('relu', ['sum:0'], activation('relu6')),
      nodeOf('pool', ['relu:0'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }),
      nodeOf('classes', ['pool:0'], randomDense(own, 4, 3)),
    ],
  );
  return { name, network, input: own.values(2 * 108) };
}

const positive: readonly ActivationFunction[] = ['log', 'sqrt', 'reciprocal'];
const activations: readonly Activation[] = [
  ...(
    ['relu', 'relu6', 'sigmoid', 'tanh', 'softplus', 'swish', 'hardSwish', 'gelu', 'geluTanh'] as const
  ).map((name) => activation(name)),
  ...(
    ['mish', 'softsign', 'erf', 'exp', 'log', 'sqrt', 'square', 'abs', 'negate', 'reciprocal'] as const
  ).map((name) => activation(name)),
  activation('leakyRelu', 0.1),
  activation('elu', 1),
  activation('elu', 0.5),
  activation('hardSigmoid', 0.25, 0.5),
  activation('selu', 1.6, 1.05),
  activation('clip', -0.75, 0.5),
];

function pool(
  reduce: Pool['reduce'],
  window: number,
  stride: number,
  padding = 0,
  includePadding = false,
): Pool {
  const extents = { window: square(window), stride: square(stride), padding: evenPadding(padding) };
  return { kind: 'pool', reduce, ...extents, roundUp: false, includePadding };
}

function resize(
  method: Resize['method'],
  coordinates: Resize['coordinates'],
  height: number,
  width: number,
): Resize {
  const scale = { height: height / 3, width: width / 2 };
  return { kind: 'resize', method, size: { height, width }, scale, coordinates, rounding: 'floor' };
}

const one = (name: string, operator: Operator, shape: Shape = image, shift = 0) =>
  behindDense(name, [shape], [operator], shift);

/** Every operator that can lie between a cut layer and the output, and small networks of them. */
export const gradientCases: readonly GradientCase[] = [
  ...convolutions,
  ...drawn,
  ...[1, 3, 4, 6].map((rank) => factors(`factors of rank ${rank}`, rank, seededNumbers(rank))),
  {
    name: 'a network with every trait',
    network: logitsOf(smallResidualNetwork(3)),
    input: seededNumbers(8).values(2 * 432),
  },
  one('dense', randomDense(numbers, 6, 5), [6]),
  one('dense of sequences', randomDense(numbers, 4, 3, false), [3, 4]),
  one('batch norm', randomBatchNorm(numbers, 4)),
  one('batch norm of vectors', randomBatchNorm(numbers, 6), [6]),
  behindDense('batch norm and ReLU', [image], [randomBatchNorm(numbers, 4), activation('relu')]),
  ...activations.map((own) =>
    one(`${own.function} ${own.alpha}`, own, image, positive.includes(own.function) ? 1.5 : 0),
  ),
  one('PReLU', { kind: 'parametricRelu', slopes: randomTensor(numbers, [4]) }),
  one('max pool', pool('max', 2, 2), [4, 6, 3]),
  one('max pool, padded and overlapping', pool('max', 3, 2, 1), [5, 6, 3]),
  one('average pool', pool('average', 2, 2), [4, 6, 3]),
  one('average pool, zeros counted', pool('average', 3, 2, 1, true), [5, 6, 3]),
  one('average pool, zeros not counted', pool('average', 3, 2, 1), [5, 6, 3]),
  one('pool of one pixel', pool('max', 1, 2), [4, 5, 3]),
  one('pool that rounds up', { ...pool('average', 3, 2), roundUp: true }, [6, 6, 2]),
  ...(['max', 'average'] as const).flatMap((reduce) =>
    [true, false].map((keepDimensions) =>
      one(`global ${reduce} pool ${keepDimensions}`, { kind: 'globalPool', reduce, keepDimensions }),
    ),
  ),
  behindDense('sum', [image, image], [{ kind: 'add' }]),
  behindDense('sum of three with one stretched', [image, [1, 1, 4], image], [{ kind: 'add' }]),
  behindDense('product', [image, [1, 1, 4]], [{ kind: 'multiply' }]),
  ...(['subtract', 'divide', 'power', 'maximum', 'minimum'] as const).map((name) =>
    behindDense(name, [image, [1, 1, 4]], [{ kind: 'elementwise', function: name }], 1.5),
  ),
  twice('square by itself', { kind: 'multiply' }),
  behindDense(
    'matrix product',
    [
      [3, 4],
      [4, 2],
    ],
    [{ kind: 'matrixProduct' }],
  ),
  behindDense('concat', [image, [3, 2, 2]], [{ kind: 'concat', axis: 2 }]),
  one('pad', { kind: 'pad', padding: { top: 1, bottom: 0, left: 2, right: 1 }, value: 0.5 }),
  one('pad of channels', {
    kind: 'pad',
    padding: evenPadding(0),
    channels: { before: 1, after: 2 },
    value: 0,
  }),
  one('flatten, channels first', { kind: 'flatten', order: 'chw' }),
  one('reshape', { kind: 'reshape', shape: [2, 3, 4], order: 'chw' }, [24]),
  one('transpose', { kind: 'transpose', permutation: [2, 0, 1] }),
  one('slice', { kind: 'slice', axis: 2, start: 1, end: 3, step: 1 }),
  one('slice by twos', { kind: 'slice', axis: 0, start: 0, end: 3, step: 2 }),
  one('gather', { kind: 'gather', axis: 2, indices: [3, 0, 1] }),
  one('gather of many runs', { kind: 'gather', axis: 2, indices: [3, 0, 2, 0, 3, 1, 3, 2, 0, 2, 0] }),
  one('resize, nearest', resize('nearest', 'asymmetric', 6, 4)),
  one('resize, linear', resize('linear', 'halfPixel', 6, 4)),
  one('resize, linear between corners', resize('linear', 'alignCorners', 5, 3)),
  ...(['mean', 'sum', 'max', 'min'] as const).map((name) =>
    one(`reduce by ${name}`, {
      kind: 'reduce',
      function: name,
      axes: [0, 1],
      keepDimensions: name === 'mean',
    }),
  ),
  one('softmax', { kind: 'softmax' }, [5]),
  one('log-softmax', { kind: 'logSoftmax' }, [5]),
  ...[3, 4].map((size) =>
    one(`local response over ${size}`, {
      kind: 'localResponseNormalisation',
      size,
      alpha: 0.75,
      beta: 0.75,
      bias: 1.5,
    }),
  ),
  behindDense('dropout', [image], [{ kind: 'identity', origin: 'dropout' }, activation('tanh')]),
  withConstant(),
];

function logitsOf(network: Network): Network {
  return { ...network, outputs: ['classes:0'], nodes: network.nodes.slice(0, -1) };
}

function twice(name: string, operator: Operator): GradientCase {
  const { network, input } = one(name, operator, [4]);
  const nodes = network.nodes.map((node) =>
    node.name === 'node0' ? { ...node, inputs: ['source0:0', 'source0:0'] } : node,
  );
  return { name, network: { ...network, nodes }, input };
}

function withConstant(): GradientCase {
  const value = randomTensor(seededNumbers(4), [1, 1, 4]);
  const { network, input } = behindDense('constant', [image, image], [{ kind: 'multiply' }]);
  const nodes = network.nodes.map((node) =>
    node.name === 'source1' ? { ...node, inputs: [], operator: { kind: 'constant', value } as const } : node,
  );
  return { name: 'constant', network: { ...network, nodes }, input };
}
