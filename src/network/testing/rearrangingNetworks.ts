import type { Elementwise, Network, Operator, Reduce, Resize, Shape } from '../graph';
import {
  activation,
  chainOf,
  networkOf,
  nodeOf,
  randomConvolution,
  randomTensor,
  seededNumbers,
  square,
} from './builders';

/** A small network by what it tries. */
export type NamedNetwork = readonly [string, Network];

const caseOf = (name: string, network: Network): NamedNetwork => [name, network];
const chainCase = (name: string, input: Shape, ...operators: readonly Operator[]): NamedNetwork => [
  name,
  chainOf(input, operators),
];

/** Operators that take values to pieces, put them together, or combine two computed ones. */
export function rearrangingNetworks(): NamedNetwork[] {
  return [
    ...axisCases(),
    ...reductionCases(),
    ...resizeCases(),
    ...elementwiseCases(),
    ...productCases(),
    ...slopeCases(),
    ...patternCases(),
  ];
}

const image: Shape = [4, 5, 6];
const reshape = (...shape: readonly number[]): Operator => ({ kind: 'reshape', shape, order: 'chw' });
const transpose = (...permutation: readonly number[]): Operator => ({ kind: 'transpose', permutation });

function axisCases(): NamedNetwork[] {
  const orders: readonly (readonly number[])[] = [
    [0, 1, 2],
    [1, 0, 2],
    [2, 0, 1],
    [0, 2, 1],
  ];
  const slices = [
    [0, 1, 4, 1],
    [1, 0, 5, 2],
    [2, 2, 5, 1],
    [2, 1, 6, 3],
  ] as const;
  return [
    ...orders.map((order) => chainCase(`transpose ${order.join(', ')}`, image, transpose(...order))),
    chainCase('transpose of a vector', [5], transpose(0)),
    chainCase('transpose of five axes', image, reshape(2, 3, 2, 2, 5), transpose(4, 1, 0, 3, 2)),
    ...slices.map(([axis, start, end, step]) =>
      chainCase(`slice ${start} to ${end} by ${step} of axis ${axis}`, image, {
        kind: 'slice',
        ...{ axis, start, end, step },
      }),
    ),
    chainCase('slice of a vector', [7], { kind: 'slice', axis: 0, start: 2, end: 6, step: 2 }),
    ...[0, 1, 2].map((axis) =>
      chainCase(`gather along axis ${axis}`, image, { kind: 'gather', axis, indices: [3, 0, 0, 2, 1] }),
    ),
    ...[0, 1, 2].map((axis) =>
      chainCase(`gather of many runs along axis ${axis}`, image, {
        kind: 'gather',
        axis,
        indices: [3, 1, 3, 0, 2, 0, 3, 2, 1, 0],
      }),
    ),
    chainCase('gather along four axes', image, reshape(2, 3, 4, 5), {
      kind: 'gather',
      axis: 1,
      indices: [2, 0, 2, 1, 0, 2, 1, 0, 2, 0],
    }),
    chainCase('log-softmax of a vector', [10], { kind: 'logSoftmax' }),
    chainCase('log-softmax over channels', image, { kind: 'logSoftmax' }),
  ];
}

function reductionCases(): NamedNetwork[] {
  const names = ['mean', 'sum', 'max', 'min'] as const;
  const reduce = (name: Reduce['function'], axes: readonly number[], keepDimensions: boolean): Operator => ({
    kind: 'reduce',
    ...{ function: name, axes, keepDimensions },
  });
  const all: readonly (readonly number[])[] = [[0], [2], [0, 1], [1, 2], [0, 1, 2], []];
  return [
    ...names.flatMap((name) =>
      all.flatMap((axes) =>
        [true, false].map((keep) =>
          chainCase(
            `${name} over axes ${axes.join(', ') || 'none'}${keep ? ', kept' : ''}`,
            image,
            reduce(name, axes, keep),
          ),
        ),
      ),
    ),
    chainCase('mean over axes of five', image, reshape(2, 3, 2, 2, 5), reduce('mean', [1, 3], false)),
  ];
}

function resizeCases(): NamedNetwork[] {
  const rules = ['halfPixel', 'pytorchHalfPixel', 'alignCorners', 'asymmetric'] as const;
  const roundings = ['floor', 'ceil', 'halfDown', 'halfUp'] as const;
  const sizes = [
    { height: 8, width: 10 },
    { height: 3, width: 4 },
    { height: 1, width: 7 },
  ];
  const ratio = ({ height, width }: Resize['size']) => ({ height: height / 4, width: width / 5 });
  const resize = (more: Partial<Resize>): Resize => ({
    ...{ kind: 'resize', method: 'linear', size: sizes[0]!, scale: ratio(sizes[0]!) },
    ...{ coordinates: 'halfPixel', rounding: 'halfDown' },
    ...more,
  });
  const formOf = (size: Resize['size']) => `${size.height}×${size.width}`;
  return [
    ...sizes.flatMap((size) =>
      rules.flatMap((coordinates) => [
        chainCase(
          `linear resize to ${formOf(size)}, ${coordinates}`,
          image,
          resize({ size, coordinates, scale: ratio(size) }),
        ),
        ...roundings.map((rounding) =>
          chainCase(
            `nearest resize to ${formOf(size)}, ${coordinates}, ${rounding}`,
            image,
            resize({ method: 'nearest', size, coordinates, rounding, scale: ratio(size) }),
          ),
        ),
      ]),
    ),
    chainCase(
      'linear resize by a scale that is not the ratio of the sizes',
      image,
      resize({
        size: { height: 6, width: 8 },
        scale: { height: 1.6, width: 1.7 },
        coordinates: 'asymmetric',
      }),
    ),
    chainCase('resize to the same size', image, resize({ size: { height: 4, width: 5 }, scale: square(1) })),
  ];
}

/** The input and what a constant or a branch of it give, combined. */
function withConstant(name: string, shape: Shape, operator: Operator, isFirst = false): NamedNetwork {
  const value = randomTensor(seededNumbers(31), shape);
  const inputs = isFirst ? ['c:0', 'image'] : ['image', 'c:0'];
  return caseOf(
    name,
    networkOf(image, [nodeOf('c', [], { kind: 'constant', value }), nodeOf('y', inputs, operator)]),
  );
}

function elementwiseCases(): NamedNetwork[] {
  const operator = (name: Elementwise['function']): Elementwise => ({ kind: 'elementwise', function: name });
  const three = (name: Elementwise['function']) =>
    caseOf(
      `${name} of three`,
      networkOf(image, [
        nodeOf('a', ['image'], activation('tanh')),
        nodeOf('b', ['image'], activation('softplus')),
        nodeOf('y', ['a:0', 'b:0', 'image'], operator(name)),
      ]),
    );
  const positive = [
    nodeOf('a', ['image'], activation('softplus')),
    nodeOf('b', ['image'], activation('tanh')),
  ];
  const pairs = (['subtract', 'divide', 'power'] as const).map((name) =>
    caseOf(
      `${name} of two branches`,
      networkOf(image, [
        ...positive,
        nodeOf('y', name === 'power' ? ['a:0', 'b:0'] : ['b:0', 'a:0'], operator(name)),
      ]),
    ),
  );
  const perPixel = networkOf(image, [
    nodeOf('mean', ['image'], { kind: 'reduce', function: 'mean', axes: [2], keepDimensions: true }),
    nodeOf('y', ['image', 'mean:0'], operator('subtract')),
  ]);
  return [
    three('maximum'),
    three('minimum'),
    ...pairs,
    caseOf('an image less its mean over channels', perPixel),
    withConstant('one number less the image', [1], operator('subtract'), true),
    withConstant('maximum with a constant per channel', [6], operator('maximum')),
    withConstant('quotient by a constant per row', [4, 1, 1], operator('divide')),
  ];
}

function productCases(): NamedNetwork[] {
  const product: Operator = { kind: 'matrixProduct' };
  const twice = (name: string, left: readonly Operator[], right: readonly Operator[]) => {
    const branch = (prefix: string, operators: readonly Operator[]) =>
      operators.map((operator, index) =>
        nodeOf(`${prefix}${index}`, [index === 0 ? 'image' : `${prefix}${index - 1}:0`], operator),
      );
    const nodes = [...branch('l', left), ...branch('r', right)];
    const last = (prefix: string, { length }: readonly Operator[]) => `${prefix}${length - 1}:0`;
    return caseOf(
      name,
      networkOf(image, [...nodes, nodeOf('y', [last('l', left), last('r', right)], product)]),
    );
  };
  return [
    twice('product of matrices', [reshape(20, 6)], [reshape(6, 20)]),
    twice('product with a transposed matrix', [reshape(20, 6)], [reshape(20, 6), transpose(1, 0)]),
    twice('products of several matrices', [reshape(2, 2, 6, 5)], [reshape(2, 2, 5, 6)]),
    twice('products that repeat matrices', [reshape(1, 4, 6, 5)], [reshape(2, 2, 5, 6), reshape(4, 1, 5, 6)]),
    withConstant('product of an image and one constant matrix', [6, 3], product),
    withConstant('product with a constant matrix per row', [4, 6, 3], product),
  ];
}

function slopeCases(): NamedNetwork[] {
  const numbers = seededNumbers(41);
  const slopes = (...shape: readonly number[]): Operator => ({
    kind: 'parametricRelu',
    slopes: randomTensor(numbers, shape, 0.3),
  });
  const convolution = randomConvolution(numbers, { kernel: square(1), inputs: 6, outputs: 4 });
  return [
    chainCase('slopes per channel', image, slopes(6)),
    chainCase('slopes per channel, three axes', image, slopes(1, 1, 6)),
    chainCase('slopes per value', image, slopes(4, 5, 6)),
    chainCase('slopes per row', image, slopes(4, 1, 1)),
    chainCase('one slope', image, slopes(1)),
    chainCase('slopes of a vector', [7], slopes(7)),
    chainCase('slopes after a convolution', image, convolution, slopes(4)),
  ];
}

/** What networks are known to make of these operators. */
function patternCases(): NamedNetwork[] {
  const attention = networkOf(image, [
    nodeOf('queries', ['image'], reshape(6, 20)),
    nodeOf('keys', ['queries:0'], transpose(1, 0)),
    nodeOf('scores', ['queries:0', 'keys:0'], { kind: 'matrixProduct' }),
    nodeOf('shares', ['scores:0'], { kind: 'softmax' }),
    nodeOf('mixed', ['shares:0', 'queries:0'], { kind: 'matrixProduct' }),
    nodeOf('back', ['mixed:0'], reshape(4, 5, 6)),
  ]);
  return [
    chainCase('channel shuffle', image, reshape(3, 2, 4, 5), transpose(1, 0, 2, 3), reshape(4, 5, 6)),
    caseOf('attention over channels', attention),
  ];
}
