import type { Activation, ActivationFunction, Network, Operator, Shape } from '../../network/graph';
import {
  activation,
  arbitraryConvolution,
  arbitraryPool,
  chainOf,
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
} from '../../network/testing/builders';
import { referenceScores } from '../../network/testing/referenceExecutor';

/** A small network, inputs for it and what the reference executor makes of them. */
export interface OperatorCase {
  readonly name: string;
  readonly network: Network;
  readonly images: number;
  /** [images, ...network.input.shape] */
  readonly input: Float32Array;
  /** Shape of the first output for one image. */
  readonly outputShape: Shape;
  /** [images, ...outputShape] */
  readonly expected: Float32Array;
}

/** Largest difference that float32 kernels may show, relative where values are greater than 1. */
export const operatorTolerance = 1e-4;

/** Largest |found − expected| / max(1, |expected|); Infinity where lengths differ or something is NaN. */
export function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    if (Number.isNaN(error)) return Infinity;
    largest = Math.max(largest, error);
  }
  return largest;
}

/**
 * Every operator of the graph in the forms that backends are known to trip over, and seeded random forms of
 * convolutions and pools. Meant to be run on every backend, WebGPU included.
 *
 * @param randomForms how many random convolutions and pools to add
 */
export function operatorCases(randomForms = 40): readonly OperatorCase[] {
  return [
    ...convolutionCases(),
    ...randomCases(randomForms),
    ...poolCases(),
    ...activationCases(),
    ...combinationCases(),
    ...layoutCases(),
    ...wholeNetworks(),
  ];
}

/** A case from a network; inputs are random, two images so that batches cannot be mixed up. */
export function caseOf(name: string, network: Network, seed = 1, images = 2): OperatorCase {
  const size = network.input.shape.reduce((product, extent) => product * extent, 1);
  const input = seededNumbers(seed).values(images * size, 1.5);
  const answers = Array.from({ length: images }, (_, image) =>
    referenceScores(network, input.subarray(image * size, (image + 1) * size)),
  );
  const expected = Float32Array.from(answers.flatMap(({ data }) => [...data]));
  return { name, network, images, input, outputShape: answers[0]?.shape ?? [], expected };
}

function chainCase(name: string, input: Shape, ...operators: readonly Operator[]): OperatorCase {
  return caseOf(name, chainOf(input, operators));
}

function convolutionCases(): OperatorCase[] {
  const numbers = seededNumbers(11);
  const uneven = { top: 0, bottom: 1, left: 2, right: 1 };
  const base = { kernel: square(3), inputs: 4, outputs: 6 };
  const form = (options: object) => randomConvolution(numbers, { ...base, ...options });
  return [
    chainCase('convolution 3×3, same padding', [7, 8, 4], form({ padding: evenPadding(1) })),
    chainCase('convolution 1×1', [5, 6, 4], form({ kernel: square(1) })),
    chainCase('convolution 1×1, stride 2', [6, 7, 4], form({ kernel: square(1), stride: square(2) })),
    chainCase('convolution over the whole image', [3, 3, 4], form({})),
    chainCase('convolution with uneven padding', [7, 8, 4], form({ padding: uneven })),
    chainCase(
      "convolution padded like TensorFlow's SAME under stride 2",
      [8, 8, 4],
      form({ padding: { top: 0, bottom: 1, left: 0, right: 1 }, stride: square(2) }),
    ),
    chainCase(
      'convolution 3×1, vertical stride',
      [9, 7, 4],
      form({
        kernel: { height: 3, width: 1 },
        stride: { height: 2, width: 1 },
        padding: { top: 1, bottom: 1, left: 0, right: 0 },
      }),
    ),
    chainCase(
      'convolution 1×3, horizontal stride',
      [7, 9, 4],
      form({
        kernel: { height: 1, width: 3 },
        stride: { height: 1, width: 2 },
        padding: { top: 0, bottom: 0, left: 1, right: 1 },
      }),
    ),
    chainCase(
      'convolution with dilation',
      [9, 9, 4],
      form({ dilation: { height: 2, width: 3 }, padding: evenPadding(2) }),
    ),
    chainCase(
      'convolution with dilation and stride',
      [11, 10, 4],
      form({ dilation: square(2), stride: { height: 2, width: 3 }, padding: uneven }),
    ),
    chainCase('convolution with 2 groups', [6, 7, 4], form({ groups: 2, padding: evenPadding(1) })),
    chainCase(
      'convolution with 2 wide groups',
      [4, 5, 64],
      form({ inputs: 64, outputs: 64, groups: 2, padding: evenPadding(1) }),
    ),
    chainCase('depthwise convolution', [7, 8, 4], form({ outputs: 4, groups: 4, padding: evenPadding(1) })),
    chainCase(
      'depthwise convolution, stride 2, uneven padding',
      [9, 9, 8],
      form({ inputs: 8, outputs: 8, groups: 8, stride: square(2), padding: uneven }),
    ),
    chainCase(
      'depthwise convolution with 3 outputs per channel',
      [6, 6, 4],
      form({ outputs: 12, groups: 4, padding: evenPadding(1) }),
    ),
    chainCase(
      'depthwise convolution with dilation and stride',
      [9, 9, 4],
      form({ outputs: 4, groups: 4, dilation: square(2), stride: square(2), padding: evenPadding(2) }),
    ),
    chainCase(
      'convolution, batch norm, relu',
      [6, 6, 4],
      form({ padding: evenPadding(1) }),
      randomBatchNorm(numbers, 6),
      activation('relu'),
    ),
    chainCase(
      'depthwise convolution, batch norm, relu6',
      [6, 6, 4],
      form({ outputs: 4, groups: 4 }),
      randomBatchNorm(numbers, 4),
      activation('relu6'),
    ),
    chainCase(
      'grouped convolution, batch norm, swish',
      [6, 6, 4],
      form({ groups: 2 }),
      randomBatchNorm(numbers, 6),
      activation('swish'),
    ),
  ];
}

function randomCases(count: number): OperatorCase[] {
  return Array.from({ length: count }, (_, seed) => {
    const numbers = seededNumbers(1000 + seed);
    const { operator, input } = seed % 2 === 0 ? arbitraryConvolution(numbers) : arbitraryPool(numbers);
    return caseOf(
      `random ${operator.kind} ${seed}: ${formText(operator, input)}`,
      chainOf(input, [operator]),
      seed,
    );
  });
}

function formText(operator: Operator, input: Shape): string {
  const plain = JSON.stringify(operator, (key, value: unknown) =>
    key === 'bias' || key === 'data' ? undefined : value,
  );
  return `${input.join('×')} ${plain}`;
}

function poolCases(): OperatorCase[] {
  const base = {
    kind: 'pool' as const,
    window: square(3),
    stride: square(2),
    padding: evenPadding(1),
    roundUp: false,
    includePadding: false,
  };
  const uneven = { top: 0, bottom: 1, left: 1, right: 0 };
  const both = (name: string, input: Shape, options: object) =>
    (['max', 'average'] as const).map((reduce) =>
      chainCase(`${reduce} pool, ${name}`, input, { ...base, reduce, ...options }),
    );
  const global = (reduce: 'max' | 'average', keepDimensions: boolean) =>
    chainCase(`global ${reduce} pool, ${keepDimensions ? 'image' : 'vector'}`, [4, 5, 6], {
      kind: 'globalPool',
      reduce,
      keepDimensions,
    });
  return [
    ...both('3×3, stride 2, padding 1', [7, 8, 5], {}),
    ...both('uneven padding', [8, 8, 4], { padding: uneven }),
    ...both('uneven padding that counts', [8, 8, 4], { padding: uneven, includePadding: true }),
    ...both('rounding up', [8, 10, 4], { roundUp: true, padding: evenPadding(0) }),
    ...both('rounding up with padding that counts', [8, 10, 4], { roundUp: true, includePadding: true }),
    ...both('2×3 window', [6, 9, 4], { window: { height: 2, width: 3 }, padding: evenPadding(0) }),
    ...both('window of one pixel', [5, 7, 4], {
      window: square(1),
      padding: evenPadding(0),
      stride: { height: 2, width: 3 },
    }),
    ...both('window as large as the image', [4, 4, 4], { window: square(4), padding: evenPadding(0) }),
    ...[true, false].flatMap((keep) => [global('max', keep), global('average', keep)]),
    chainCase('global average pool of one pixel', [1, 1, 6], {
      kind: 'globalPool',
      reduce: 'average',
      keepDimensions: false,
    }),
  ];
}

function activationCases(): OperatorCase[] {
  const parameters: Readonly<Record<ActivationFunction, readonly [number, number]>> = {
    relu: [0, 0],
    relu6: [0, 0],
    leakyRelu: [0.1, 0],
    elu: [0.7, 0],
    sigmoid: [0, 0],
    hardSigmoid: [0.2, 0.5],
    tanh: [0, 0],
    softplus: [0, 0],
    swish: [0, 0],
    hardSwish: [0, 0],
  };
  const all = (Object.keys(parameters) as ActivationFunction[]).map((name) =>
    activation(name, ...parameters[name]),
  );
  const numbers = seededNumbers(5);
  const convolution = randomConvolution(numbers, { kernel: square(1), inputs: 3, outputs: 4 });
  // Scaled so that relu6 and the hard functions reach both of their ends.
  const wide = { ...convolution, kernel: randomTensor(numbers, [1, 1, 3, 4], 5) };
  const alone = (f: Activation) => chainCase(`${f.function} alone`, [4, 5, 3], f);
  const fused = (f: Activation) => chainCase(`${f.function} after a convolution`, [4, 5, 3], wide, f);
  const dense = (f: Activation) =>
    chainCase(`${f.function} after a dense layer`, [7], randomDense(numbers, 7, 5), f);
  return [
    ...all.flatMap((f) => [alone(f), fused(f), dense(f)]),
    chainCase('elu with alpha 1', [4, 5, 3], activation('elu', 1)),
    chainCase('leakyRelu with a negative slope', [4, 5, 3], activation('leakyRelu', -0.5)),
  ];
}

function combinationCases(): OperatorCase[] {
  const numbers = seededNumbers(7);
  const constant = (shape: Shape): Operator => ({ kind: 'constant', value: randomTensor(numbers, shape) });
  const withConstant = (name: string, shape: Shape, operator: Operator) =>
    caseOf(
      name,
      networkOf([4, 5, 6], [nodeOf('c', [], constant(shape)), nodeOf('y', ['image', 'c:0'], operator)]),
    );
  const branches = (name: string, operator: Operator) =>
    caseOf(
      name,
      networkOf(
        [4, 5, 3],
        [
          nodeOf('a', ['image'], activation('relu')),
          nodeOf('b', ['image'], activation('sigmoid')),
          nodeOf('y', ['a:0', 'b:0', 'image'], operator),
        ],
      ),
    );
  const gate = networkOf(
    [4, 5, 3],
    [
      nodeOf('squeeze', ['image'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }),
      nodeOf('gate', ['squeeze:0'], activation('sigmoid')),
      nodeOf('scaled', ['image', 'gate:0'], { kind: 'multiply' }),
    ],
  );
  return [
    branches('sum of three', { kind: 'add' }),
    branches('product of three', { kind: 'multiply' }),
    branches('concat along channels', { kind: 'concat', axis: 2 }),
    branches('concat along height', { kind: 'concat', axis: 0 }),
    caseOf('an image times a gate per channel', gate),
    withConstant('sum with a constant per channel', [6], { kind: 'add' }),
    withConstant('product with one number', [], { kind: 'multiply' }),
    withConstant('product with a constant per row', [4, 1, 1], { kind: 'multiply' }),
    withConstant('concat with a constant', [4, 5, 2], { kind: 'concat', axis: 2 }),
    chainCase('batch norm alone', [4, 5, 6], randomBatchNorm(numbers, 6)),
    chainCase('batch norm, relu', [4, 5, 6], randomBatchNorm(numbers, 6), activation('relu')),
    chainCase('batch norm, tanh', [4, 5, 6], randomBatchNorm(numbers, 6), activation('tanh')),
    chainCase('batch norm of a vector', [6], randomBatchNorm(numbers, 6)),
    chainCase('dense layer on a vector', [9], randomDense(numbers, 9, 4)),
    chainCase('dense layer without bias on an image', [3, 4, 9], randomDense(numbers, 9, 4, false)),
    chainCase(
      'dense layer, batch norm, relu',
      [9],
      randomDense(numbers, 9, 4),
      randomBatchNorm(numbers, 4),
      activation('relu'),
    ),
  ];
}

function layoutCases(): OperatorCase[] {
  const normalise = (size: number): Operator => ({
    kind: 'localResponseNormalisation',
    size,
    alpha: 0.3,
    beta: 0.75,
    bias: 1.5,
  });
  const pad = (value: number): Operator => ({
    kind: 'pad',
    padding: { top: 1, bottom: 0, left: 2, right: 3 },
    value,
  });
  const orders = (['hwc', 'chw'] as const).flatMap((order) => [
    chainCase(`flatten ${order}`, [3, 4, 5], { kind: 'flatten', order }),
    chainCase(`reshape to an image ${order}`, [3, 4, 5], { kind: 'reshape', shape: [5, 6, 2], order }),
    chainCase(`reshape a vector to an image ${order}`, [24], { kind: 'reshape', shape: [2, 3, 4], order }),
    chainCase(`reshape to rows ${order}`, [3, 4, 5], { kind: 'reshape', shape: [6, 10], order }),
  ]);
  return [
    ...orders,
    chainCase('pad with zeros', [3, 4, 5], pad(0)),
    chainCase('pad with a number', [3, 4, 5], pad(-1.5)),
    chainCase('pad with nothing', [3, 4, 5], { kind: 'pad', padding: evenPadding(0), value: 1 }),
    chainCase('softmax of a vector', [10], { kind: 'softmax' }),
    chainCase('softmax over channels', [3, 4, 5], { kind: 'softmax' }),
    ...[1, 3, 5, 2, 4].map((size) =>
      chainCase(`local response normalisation over ${size}`, [3, 4, 7], normalise(size)),
    ),
    chainCase('local response normalisation wider than the channels', [3, 4, 3], normalise(9)),
    chainCase(
      'identity and dropout',
      [3, 4, 5],
      { kind: 'identity', origin: 'identity' },
      { kind: 'identity', origin: 'dropout' },
    ),
  ];
}

function wholeNetworks(): OperatorCase[] {
  return [
    caseOf('small residual network', smallResidualNetwork(3)),
    caseOf('an output that a later layer also reads', twoOutputs(seededNumbers(9))),
  ];
}

function twoOutputs(numbers: Numbers): Network {
  const convolution = randomConvolution(numbers, { kernel: square(3), inputs: 2, outputs: 4 });
  const nodes = [nodeOf('conv', ['image'], convolution), nodeOf('relu', ['conv:0'], activation('relu'))];
  return networkOf([5, 5, 2], nodes, ['conv:0', 'relu:0']);
}
