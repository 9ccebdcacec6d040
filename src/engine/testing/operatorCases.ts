import type { Activation, ActivationFunction, Network, Operator, Shape } from '../../network/graph';
import {
  activation,
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
import { rearrangingNetworks } from '../../network/testing/rearrangingNetworks';
import { blockCases } from './blockCases';
import { caseOf, chainCase, type OperatorCase } from './operatorCase';
import { convolutionCases, poolCases, randomCases } from './windowCases';

export { largestError, operatorTolerance, type OperatorCase } from './operatorCase';

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
    ...blockCases(),
    ...layoutCases(),
    ...rearrangingNetworks().map(([name, network]) => caseOf(name, network)),
    ...wholeNetworks(),
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
    selu: [1.6732632423543772, 1.0507009873554805],
    gelu: [0, 0],
    geluTanh: [0, 0],
    mish: [0, 0],
    softsign: [0, 0],
    clip: [-0.4, 1.2],
    erf: [0, 0],
    exp: [0, 0],
    log: [0, 0],
    sqrt: [0, 0],
    square: [0, 0],
    abs: [0, 0],
    negate: [0, 0],
    reciprocal: [0, 0],
  };
  const ofPositive: readonly ActivationFunction[] = ['log', 'sqrt'];
  const made = (name: ActivationFunction) => activation(name, ...parameters[name]);
  const all = (Object.keys(parameters) as ActivationFunction[])
    .filter((name) => !ofPositive.includes(name))
    .map(made);
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
    ...ofPositive.map((name) =>
      chainCase(`${name} of a square`, [4, 5, 3], activation('square'), made(name)),
    ),
    chainCase('clip without a lower bound', [4, 5, 3], activation('clip', -Infinity, 0.3)),
    chainCase('clip without an upper bound', [4, 5, 3], activation('clip', -0.2, Infinity)),
    chainCase('selu with alpha 1', [4, 5, 3], activation('selu', 1, 2)),
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
    chainCase('pad channels', [3, 4, 5], { ...pad(0), channels: { before: 2, after: 1 } } as Operator),
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
