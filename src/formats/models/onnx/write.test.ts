import { describe, expect, it } from 'vitest';
import type { GraphNode, Network, Operator, Shape } from '../../../network/graph';
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
  smallResidualNetwork,
  square,
} from '../../../network/testing/builders';
import { fixtureInput, runReferenceBatch } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { runOnnxRuntime } from '../../testing/onnxRuntime';
import { decodeMessage } from '../protobuf';
import { readOnnx } from './read';
import { modelSchema } from './schema';
import { writeOnnx } from './write';

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

const networks: readonly (readonly [string, Network])[] = [
  ...Object.entries(chains).map(
    ([name, { input = image, operators }]) => [name, chain(input, operators)] as const,
  ),
  ...Object.entries(graphs).map(
    ([name, { input = image, nodes }]) => [name, networkOf(input, nodes)] as const,
  ),
];

const batch = 2;
const inputOf = ({ input }: Network) => {
  const [height, width, channels] = input.shape;
  const dims = input.shape.length === 3 ? [batch, channels!, height!, width!] : [batch, ...input.shape];
  // Times four, so that bounds such as those of relu6 are passed.
  return { dims, values: fixtureInput(dims.reduce((a, b) => a * b, 1)).map((value) => 4 * value) };
};

/** A file keeps epsilon in float32. */
function inFloat32(node: GraphNode): GraphNode {
  const { operator } = node;
  return operator.kind === 'batchNorm'
    ? { ...node, operator: { ...operator, epsilon: Math.fround(operator.epsilon) } }
    : node;
}

const opsets = [9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 21];

describe('writeOnnx', () => {
  it.each(networks)('writes %s as ONNX Runtime computes it, in every operator set', async (_, network) => {
    const { dims, values } = inputOf(network);
    const expected = runReferenceBatch(network, values);
    for (const opset of opsets) {
      const file = writeOnnx({ ...network, source: { format: 'onnx', opset, batch: 'N' } });
      const answer = await runOnnxRuntime(file, values, dims);
      expect([opset, answer.name]).toEqual([opset, network.outputs[0]]);
      expect(largestDifference(answer.data, expected)).toBeLessThan(1e-4);
    }
  });

  it.each(networks)('writes %s so that it is read back as the same function', (_, network) => {
    const { values } = inputOf(network);
    const expected = runReferenceBatch(network, values);
    for (const opset of opsets) {
      const file = writeOnnx({ ...network, source: { format: 'onnx', opset, batch: 'N' } });
      const again = readOnnx({ name: 'again.onnx', bytes: file });
      expect(largestDifference(runReferenceBatch(again, values), expected)).toBeLessThan(1e-5);
      expect(again.outputs).toEqual(network.outputs);
    }
  });

  it('keeps names, signature, metadata and weights of a network of many operators', () => {
    const network: Network = {
      ...smallResidualNetwork(),
      name: 'residual',
      metadata: { target: '0.5', achieved: '0.499', method: 'map', ranks: '{"down":4}' },
    };
    const bytes = writeOnnx(network);
    expect(readOnnx({ name: 'residual.onnx', bytes })).toEqual({
      ...network,
      nodes: network.nodes.map(inFloat32),
    });
    const model = decodeMessage(modelSchema, bytes, 'model');
    expect(model.producerName).toBe('ENC Studio');
    expect(model.graph?.nodes.map(({ name }) => name)).toEqual(network.nodes.map(({ name }) => name));
    const extents = model.graph?.outputs[0]?.type?.tensor?.shape?.dimensions;
    expect(extents?.map(({ value, parameter }) => parameter ?? value)).toEqual(['N', 5]);
  });

  it('keeps a fixed batch and the operator set of the source', () => {
    const network: Network = {
      ...smallResidualNetwork(),
      name: 'a',
      source: { format: 'onnx', opset: 17, batch: 4 },
    };
    const again = readOnnx({ name: 'a.onnx', bytes: writeOnnx(network) });
    expect(again.source).toEqual({ format: 'onnx', opset: 17, batch: 4 });
  });

  it('never gives a weight the name of a node or value', () => {
    const [first, second] = [randomDense(numbers, 7, 7), randomDense(numbers, 7, 3)];
    const nodes: GraphNode[] = [
      { name: 'a', inputs: ['image'], output: 'a/weight', operator: first },
      { name: 'a/bias', inputs: ['a/weight'], output: 'b', operator: second },
    ];
    const network = { ...networkOf([7], nodes), name: 'x' };
    expect(readOnnx({ name: 'x.onnx', bytes: writeOnnx(network) })).toEqual(network);
  });

  it('refuses a graph whose shapes do not fit', () => {
    expect(() => writeOnnx(chainOf([7], [randomDense(numbers, 8, 3)]))).toThrow(/dense0/);
  });
});
