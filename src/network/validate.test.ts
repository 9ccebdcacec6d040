import { describe, expect, it } from 'vitest';
import type { GraphNode, Network, Operator } from './graph';
import {
  activation,
  chainOf,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
} from './testing/builders';
import { assertComputable, unsupportedNodes, validateNetwork } from './validate';

const numbers = seededNumbers(9);
const network = smallResidualNetwork();
const lstm: Operator = { kind: 'unsupported', operator: 'LSTM', reason: 'it keeps state.' };

function replace(name: string, change: (node: GraphNode) => GraphNode): Network {
  return { ...network, nodes: network.nodes.map((node) => (node.name === name ? change(node) : node)) };
}

function messages(broken: Network): readonly string[] {
  return validateNetwork(broken).map(({ message }) => message);
}

function spoilKernel(value: number, index: number): Network {
  return replace('down', (node) => {
    if (node.operator.kind !== 'conv2d') return node;
    const { kernel } = node.operator;
    const data = kernel.data.map((old, at) => (at === index ? value : old));
    return { ...node, operator: { ...node.operator, kernel: { ...kernel, data } } };
  });
}

describe('validateNetwork', () => {
  it('finds nothing wrong with a sound network', () => {
    expect(validateNetwork(network)).toEqual([]);
  });

  it.each([NaN, Infinity, -Infinity])('names node and index of a weight that is %d', (value) => {
    expect(messages(spoilKernel(value, 17))).toEqual([
      `Node "down" (conv2d): its kernel holds ${value} at index 17; every weight must be a finite number.`,
    ]);
  });

  it('tells a value that nothing writes from one that is read too early', () => {
    const reads = (value: string) => replace('sum', (node) => ({ ...node, inputs: ['down:0', value] }));
    expect(messages(reads('nowhere'))).toEqual(['Node "sum" (add) reads "nowhere", which nothing writes.']);
    expect(messages(reads('grouped:0'))).toEqual([
      'Node "sum" (add) reads "grouped:0" before it is written: the nodes are out of order or form a circle.',
    ]);
  });

  it('finds names that are used twice', () => {
    expect(messages(replace('project', (node) => ({ ...node, name: 'down' })))).toContain(
      'Two nodes are called "down".',
    );
    expect(messages(replace('project', (node) => ({ ...node, output: 'image' })))).toContain(
      'The value "image" is written twice.',
    );
  });

  const dense = randomDense(numbers, 4, 3);
  const norm = randomBatchNorm(numbers, 4);
  const cases: readonly [string, Network, RegExp][] = [
    [
      'too few weights',
      chainOf([4], [{ ...dense, weights: { shape: [4, 3], data: new Float32Array(11) } }]),
      /expected 12 numbers in its weights \(its shape is 4×3\), found 11/,
    ],
    [
      'a bias of the wrong length',
      chainOf([4], [{ ...dense, bias: new Float32Array(4) }]),
      /expected 3 numbers in its bias \(one per output channel\), found 4/,
    ],
    [
      'uneven batch norm',
      chainOf([4], [{ ...norm, mean: new Float32Array(3) }]),
      /expected 4 numbers in its mean \(as many as its scale\), found 3/,
    ],
    [
      'a negative variance',
      chainOf([4], [{ ...norm, variance: Float32Array.of(1, -1, 1, 1) }]),
      /its variance is -1 at index 1/,
    ],
    ['a misfit', chainOf([5], [dense]), /Node "dense0" \(dense\): expected 4 inputs/],
    ['no output', { ...network, outputs: [] }, /The network has no output/],
    [
      'an output that nothing writes',
      { ...network, outputs: ['nowhere'] },
      /Nothing writes the network's output "nowhere"/,
    ],
    [
      'no class scores',
      { ...network, outputs: ['grouped:0'] },
      /output "grouped:0": expected one score .* found a shape of 6×6×16/,
    ],
    [
      'an input without extent',
      chainOf([0, 4], [dense]),
      /input "image": expected whole extents of at least 1, found 0×4/,
    ],
  ];

  it.each(cases)('finds %s', (_, broken, sentence) => {
    expect(messages(broken).join('\n')).toMatch(sentence);
  });

  it('takes a single score for two classes', () => {
    expect(validateNetwork(chainOf([4], [randomDense(numbers, 4, 1)]))).toEqual([]);
  });

  it('names the outputs that could be taken instead', () => {
    const two = { ...network, outputs: ['grouped:0', ...network.outputs] };
    expect(messages(two).join()).toMatch(/found a shape of 6×6×16; take another output \("[^"]+"\)\.$/);
    expect(messages({ ...two, scoresAt: 1 })).toEqual([]);
  });

  it('takes 1×1 images of scores as scores', () => {
    expect(validateNetwork(chainOf([1, 1, 4], [dense]))).toEqual([]);
  });

  it('does not call an unsupported operator a problem', () => {
    expect(validateNetwork(chainOf([4], [lstm, dense]))).toEqual([]);
  });
});

describe('unsupportedNodes', () => {
  it('lists every unsupported node with its reason', () => {
    const odd = networkOf(
      [4],
      [nodeOf('a', ['image'], lstm), nodeOf('b', ['a:0'], activation('relu')), nodeOf('c', ['b:0'], lstm)],
    );
    expect(unsupportedNodes(odd).map(({ message }) => message)).toEqual([
      'Node "a" (LSTM) is not supported: it keeps state.',
      'Node "c" (LSTM) is not supported: it keeps state.',
    ]);
  });
});

describe('assertComputable', () => {
  it('lets a sound network pass', () => {
    expect(() => assertComputable(network)).not.toThrow();
  });

  it('stops at the first problem with its code', () => {
    expect(() => assertComputable(chainOf([4], [lstm]))).toThrow(
      expect.objectContaining({ code: 'unsupported-operator' }),
    );
    expect(() => assertComputable(spoilKernel(NaN, 0))).toThrow(
      expect.objectContaining({ code: 'invalid-network' }),
    );
  });
});
