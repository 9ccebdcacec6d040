import { describe, expect, it } from 'vitest';
import type { ActivationFunction, GraphNode, Network, Operator } from '../../../network/graph';
import { rearrangingNetworks } from '../../../network/testing/rearrangingNetworks';
import {
  activation,
  chainOf,
  networkOf,
  randomBatchNorm,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
} from '../../../network/testing/builders';
import { fixtureInput, runReferenceBatch } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { runOnnxRuntime } from '../../testing/onnxRuntime';
import { writerCases } from '../../testing/writerCases';
import { decodeMessage } from '../protobuf';
import { readOnnx } from './read';
import { modelSchema } from './schema';
import { writeOnnx } from './write';

const numbers = seededNumbers(7);
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

/** Functions that came late to ONNX or never: some operator sets spell them by others. */
const functions: readonly (readonly [ActivationFunction, number, number])[] = [
  ['selu', 1.5, 1.25],
  ['gelu', 0, 0],
  ['geluTanh', 0, 0],
  ['mish', 0, 0],
  ['softsign', 0, 0],
  ['clip', -0.5, 1.5],
  ['clip', -Infinity, 0.5],
  ['clip', -0.25, Infinity],
  ['erf', 0, 0],
  ['exp', 0, 0],
  ['square', 0, 0],
  ['abs', 0, 0],
  ['negate', 0, 0],
];
const ofSquares: readonly ActivationFunction[] = ['log', 'sqrt', 'reciprocal'];
const shifted: Operator = { ...activation('clip', 0.125, Infinity) };
const cases: readonly (readonly [string, Network])[] = [
  ...writerCases,
  ...rearrangingNetworks(),
  ...functions.map(
    ([name, ...parameters]) =>
      [`${name} ${parameters.join(' ')}`, chainOf([3, 2, 4], [activation(name, ...parameters)])] as const,
  ),
  ...ofSquares.map((name) => [name, chainOf([3, 2, 4], [shifted, activation(name)])] as const),
  ['batch normalisation of rows', chainOf([5, 4], [randomBatchNorm(numbers, 4)])],
  [
    'batch normalisation of four axes',
    chainOf([3, 4, 4], [{ kind: 'reshape', shape: [2, 3, 2, 4], order: 'chw' }, randomBatchNorm(numbers, 4)]),
  ],
  ['a dense layer on rows', chainOf([5, 4], [randomDense(numbers, 4, 3)])],
  ['a dense layer without bias on rows', chainOf([5, 4], [randomDense(numbers, 4, 3, false)])],
  ['a softmax of rows', chainOf([5, 4], [{ kind: 'softmax' }])],
];

const opsets = [9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 21];

describe('writeOnnx', () => {
  it.each(cases)('writes %s as ONNX Runtime computes it, in every operator set', async (_, network) => {
    const { dims, values } = inputOf(network);
    const expected = runReferenceBatch(network, values);
    for (const opset of opsets) {
      const file = writeOnnx({ ...network, source: { format: 'onnx', opset, batch: 'N' } });
      const answer = await runOnnxRuntime(file, values, dims);
      expect([opset, answer.name]).toEqual([opset, network.outputs[0]]);
      expect(largestDifference(answer.data, expected)).toBeLessThan(1e-4);
    }
  });

  it.each(cases)('writes %s so that it is read back as the same function', (_, network) => {
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
