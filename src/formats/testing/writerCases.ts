import type { GraphNode, Network, Operator, Shape } from '../../network/graph';
import {
  activation,
  chainOf,
  evenPadding,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  randomTensor,
  seededNumbers,
  square,
} from '../../network/testing/builders';

const numbers = seededNumbers(7);
const image: Shape = [6, 5, 4];

const pool = (options: object): Operator => ({
  ...{ kind: 'pool', reduce: 'average', window: square(3), stride: square(2), padding: evenPadding(1) },
  ...{ roundUp: false, includePadding: false, ...options },
});

/** One or more operators in a row, each case a way in which the writer depends on the operator set or the layout. */
const chains: Readonly<Record<string, { readonly input?: Shape; readonly operators: readonly Operator[] }>> =
  {
    'a grouped, dilated convolution': {
      operators: [
        randomConvolution(numbers, {
          ...{
            inputs: 4,
            outputs: 6,
            groups: 2,
            kernel: { height: 2, width: 3 },
            dilation: { height: 2, width: 1 },
          },
          padding: { top: 0, bottom: 1, left: 2, right: 0 },
        }),
      ],
    },
    'a dense layer without bias': { input: [7], operators: [randomDense(numbers, 7, 3, false)] },
    'a dense layer with bias': { input: [7], operators: [randomDense(numbers, 7, 3)] },
    'a dense layer on every pixel': { operators: [randomDense(numbers, 4, 3)] },
    'batch normalisation': { operators: [randomBatchNorm(numbers, 4)] },
    'batch normalisation of a vector': { input: [4], operators: [randomBatchNorm(numbers, 4)] },
    'global average pooling': {
      operators: [{ kind: 'globalPool', reduce: 'average', keepDimensions: true }],
    },
    'global maximum pooling': { operators: [{ kind: 'globalPool', reduce: 'max', keepDimensions: true }] },
    'a mean over height and width': {
      operators: [{ kind: 'globalPool', reduce: 'average', keepDimensions: false }],
    },
    'a maximum over height and width': {
      operators: [{ kind: 'globalPool', reduce: 'max', keepDimensions: false }],
    },
    'an average that leaves out the padding': { operators: [pool({})] },
    'an average that counts the padding': { operators: [pool({ includePadding: true })] },
    'an average that rounds up': {
      operators: [pool({ roundUp: true, window: square(2), padding: evenPadding(0) })],
    },
    'a padded average that rounds up': { operators: [pool({ roundUp: true })] },
    'a padded average that rounds up and counts the padding': {
      operators: [pool({ roundUp: true, includePadding: true })],
    },
    'a maximum that rounds up': { operators: [pool({ reduce: 'max', roundUp: true })] },
    'padding with a value': {
      operators: [{ kind: 'pad', padding: { top: 1, bottom: 0, left: 2, right: 3 }, value: 0.5 }],
    },
    'flatten, channels first': {
      operators: [{ kind: 'flatten', order: 'chw' }, randomDense(numbers, 120, 3)],
    },
    'flatten, channels last': {
      operators: [{ kind: 'flatten', order: 'hwc' }, randomDense(numbers, 120, 3)],
    },
    'flatten of a vector': { input: [7], operators: [{ kind: 'flatten', order: 'hwc' }] },
    'a vector reshaped to an image, channels first': {
      input: [24],
      operators: [{ kind: 'reshape', shape: [2, 3, 4], order: 'chw' }],
    },
    'a vector reshaped to an image, channels last': {
      input: [24],
      operators: [{ kind: 'reshape', shape: [2, 3, 4], order: 'hwc' }],
    },
    'an image reshaped to an image, channels first': {
      operators: [{ kind: 'reshape', shape: [3, 4, 10], order: 'chw' }],
    },
    'an image reshaped to an image, channels last': {
      operators: [{ kind: 'reshape', shape: [3, 4, 10], order: 'hwc' }],
    },
    'softmax of a vector': { input: [7], operators: [{ kind: 'softmax' }] },
    'softmax of a 1×1 image': { input: [1, 1, 5], operators: [{ kind: 'softmax' }] },
    'softmax of every pixel': { operators: [{ kind: 'softmax' }] },
    'local response normalisation': {
      operators: [{ kind: 'localResponseNormalisation', size: 3, alpha: 0.4, beta: 0.6, bias: 2 }],
    },
    'identity and dropout': {
      operators: [
        { kind: 'identity', origin: 'identity' },
        { kind: 'identity', origin: 'dropout' },
      ],
    },
    'rounding to levels from zero': {
      operators: [{ kind: 'quantise', type: 'uint8', scale: Math.fround(0.0137), zeroPoint: 0 }],
    },
    'rounding to levels around zero': {
      operators: [{ kind: 'quantise', type: 'int8', scale: Math.fround(0.0137), zeroPoint: -7 }],
    },
    relu: { operators: [activation('relu')] },
    relu6: { operators: [{ kind: 'multiply' }, activation('relu6')] },
    leakyRelu: { operators: [activation('leakyRelu', 0.25)] },
    elu: { operators: [activation('elu', 0.5)] },
    sigmoid: { operators: [activation('sigmoid')] },
    hardSigmoid: { operators: [activation('hardSigmoid', 0.25, 0.375)] },
    tanh: { operators: [activation('tanh')] },
    softplus: { operators: [activation('softplus')] },
    swish: { operators: [activation('swish')] },
    hardSwish: { operators: [activation('hardSwish')] },
  };

/** Several inputs to one operator, and constants. */
const graphs: Readonly<Record<string, { readonly input?: Shape; readonly nodes: readonly GraphNode[] }>> = {
  'a sum of three': {
    nodes: [...branches(['relu', 'tanh']), nodeOf('all', ['image', 'relu:0', 'tanh:0'], { kind: 'add' })],
  },
  'a product of four': {
    nodes: [
      ...branches(['relu', 'tanh', 'sigmoid']),
      nodeOf('all', ['image', 'relu:0', 'tanh:0', 'sigmoid:0'], { kind: 'multiply' }),
    ],
  },
  'a vector times an image': {
    nodes: [
      nodeOf('mean', ['image'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }),
      nodeOf('gate', ['mean:0', 'image'], { kind: 'multiply' }),
    ],
  },
  'a constant per channel': {
    nodes: [
      nodeOf('offset', [], { kind: 'constant', value: randomTensor(numbers, [4]) }),
      nodeOf('sum', ['image', 'offset:0'], { kind: 'add' }),
    ],
  },
  'a constant image': {
    nodes: [
      nodeOf('grid', [], { kind: 'constant', value: randomTensor(numbers, [6, 5, 1]) }),
      nodeOf('sum', ['grid:0', 'image'], { kind: 'add' }),
    ],
  },
  'a constant number': {
    nodes: [
      nodeOf('factor', [], { kind: 'constant', value: { shape: [1], data: Float32Array.of(1.5) } }),
      nodeOf('product', ['image', 'factor:0'], { kind: 'multiply' }),
    ],
  },
  'a constant on a vector': {
    input: [7],
    nodes: [
      nodeOf('offset', [], { kind: 'constant', value: randomTensor(numbers, [7]) }),
      nodeOf('sum', ['image', 'offset:0'], { kind: 'add' }),
    ],
  },
  ...Object.fromEntries(
    ['height', 'width', 'channels'].map((name, axis) => [
      `images joined along their ${name}`,
      { nodes: [...branches(['relu']), nodeOf('joined', ['image', 'relu:0'], { kind: 'concat', axis })] },
    ]),
  ),
  'vectors joined': {
    input: [7],
    nodes: [...branches(['relu']), nodeOf('joined', ['image', 'relu:0'], { kind: 'concat', axis: 0 })],
  },
};

/** An image as a table of 10 rows and 12 columns. */
const table = nodeOf('table', ['image'], { kind: 'reshape', shape: [10, 12], order: 'chw' });
const ofTable = (operator: Operator): readonly GraphNode[] => [
  table,
  nodeOf('answer', ['table:0'], operator),
];

/** Values of two axes, whose channels no format puts first. */
const tables: typeof graphs = {
  'softmax of every row of a table': { nodes: ofTable({ kind: 'softmax' }) },
  'batch normalisation of a table': { nodes: ofTable(randomBatchNorm(numbers, 12)) },
  'a scale and an offset per column of a table': {
    nodes: ofTable({
      ...randomBatchNorm(numbers, 12),
      ...{ mean: new Float32Array(12), variance: new Float32Array(12).fill(1), epsilon: 0 },
    }),
  },
  'a slope per column of a table': {
    nodes: ofTable({ kind: 'parametricRelu', slopes: randomTensor(numbers, [12]) }),
  },
  'a factor per column of a table': {
    nodes: [
      table,
      nodeOf('flat', ['image'], { kind: 'flatten', order: 'chw' }),
      nodeOf('gate', ['flat:0'], randomDense(numbers, 120, 12)),
      nodeOf('answer', ['table:0', 'gate:0'], { kind: 'multiply' }),
    ],
  },
  ...Object.fromEntries(
    ['rows', 'columns'].flatMap((name, axis) => [
      [
        `tables joined along their ${name}`,
        {
          nodes: [
            table,
            nodeOf('relu', ['table:0'], activation('relu')),
            nodeOf('answer', ['table:0', 'relu:0'], { kind: 'concat', axis }),
          ],
        },
      ],
      [
        `some ${name} of a table`,
        {
          nodes: [
            table,
            nodeOf('part', ['table:0'], { kind: 'slice', axis, start: 2, end: 7, step: 1 }),
            nodeOf('answer', ['part:0'], activation('tanh')),
          ],
        },
      ],
    ]),
  ),
};

function branches(names: readonly ('relu' | 'tanh' | 'sigmoid')[]): GraphNode[] {
  return names.map((name) => nodeOf(name, ['image'], activation(name)));
}

/** A chain whose first operator reads the input twice where it needs two operands. */
function chain(input: Shape, operators: readonly Operator[]): Network {
  const network = chainOf(input, operators);
  const [first, ...rest] = network.nodes as [GraphNode, ...GraphNode[]];
  return first.operator.kind === 'multiply'
    ? { ...network, nodes: [{ ...first, inputs: ['image', 'image'] }, ...rest] }
    : network;
}

/** Small networks by what they try: every operator in every form that a writer must tell apart. */
export const writerCases: readonly (readonly [string, Network])[] = [
  ...Object.entries(chains).map(
    ([name, { input = image, operators }]) => [name, chain(input, operators)] as const,
  ),
  ...Object.entries({ ...graphs, ...tables }).map(
    ([name, { input = image, nodes }]) => [name, networkOf(input, nodes)] as const,
  ),
];

/** Names of those of which Keras has no layer for some operator. */
export const withoutKerasLayer: ReadonlySet<string> = new Set([
  ...['a padded average that rounds up and counts the padding', 'a padded average that rounds up'],
  ...['a maximum that rounds up', 'padding with a value', 'local response normalisation', 'a constant image'],
  ...['rounding to levels from zero', 'rounding to levels around zero'],
]);
