import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conv2d, Shape } from './graph';
import { networkCost, nodeMacs, nodeParameters } from './cost';
import { inferShapes, sizeOf } from './shapes';
import {
  arbitraryConvolution,
  chainOf,
  nodeOf,
  networkOf,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
  evenPadding,
} from './testing/builders';
import { runReferenceOperator, valueOf } from './testing/referenceExecutor';

/**
 * Counts the products behind a convolution's outputs by computing it: with all weights 1 and all pixels,
 * padding included, 1, each output value is the number of products behind it.
 */
function countedMacs(operator: Conv2d, [height = 0, width = 0, channels = 0]: Shape): number {
  const { padding } = operator;
  const shape = [height + padding.top + padding.bottom, width + padding.left + padding.right, channels];
  const ones = { ...operator.kernel, data: operator.kernel.data.map(() => 1) };
  const image = valueOf(shape, new Float32Array(sizeOf(shape)).fill(1));
  const counting = { ...operator, kernel: ones, bias: null, padding: evenPadding(0) };
  return runReferenceOperator(counting, [image]).data.reduce((a, b) => a + b, 0);
}

const numbers = seededNumbers(5);

describe('nodeMacs', () => {
  it('is the number of products that any convolution computes', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { operator, input } = arbitraryConvolution(seededNumbers(seed));
        const network = chainOf(input, [operator]);
        const [node] = network.nodes;
        expect(node && nodeMacs(node, inferShapes(network).shapes)).toBe(countedMacs(operator, input));
      }),
      { numRuns: 200 },
    );
  });

  it("gives AlexNet's second convolution its published cost", () => {
    const conv2 = randomConvolution(numbers, {
      kernel: square(5),
      inputs: 96,
      outputs: 256,
      groups: 2,
      padding: evenPadding(2),
    });
    expect(networkCost(chainOf([27, 27, 96], [conv2])).macs).toBe(223948800);
  });

  it('counts a dense layer once per position', () => {
    expect(networkCost(chainOf([7, 5], [randomDense(numbers, 5, 3)])).macs).toBe(7 * 5 * 3);
  });

  it('counts the products of computed matrices, for every pair of them', () => {
    const nodes = [
      nodeOf('rows', ['image'], { kind: 'reshape', shape: [2, 3, 2, 5], order: 'chw' }),
      nodeOf('columns', ['rows:0'], { kind: 'transpose', permutation: [0, 1, 3, 2] }),
      nodeOf('product', ['rows:0', 'columns:0'], { kind: 'matrixProduct' }),
    ];
    expect(networkCost(networkOf([60], nodes)).macs).toBe(2 * 3 * (2 * 5 * 2));
  });

  it('is null behind an unsupported node and 0 for what is no layer', () => {
    const odd = nodeOf('odd', ['image'], {
      kind: 'unsupported',
      operator: 'LSTM',
      reason: 'it keeps state.',
    });
    const layer = nodeOf('layer', ['odd:0'], randomDense(numbers, 4, 3));
    const { shapes } = inferShapes(networkOf([4], [odd, layer]));
    expect([nodeMacs(odd, shapes), nodeMacs(layer, shapes)]).toEqual([0, null]);
  });
});

describe('nodeParameters', () => {
  it('counts weights, biases, and the learned half of batch norm', () => {
    expect(nodeParameters(randomDense(numbers, 4, 3))).toBe(15);
    expect(nodeParameters(randomDense(numbers, 4, 3, false))).toBe(12);
    expect(
      nodeParameters(randomConvolution(numbers, { kernel: square(3), inputs: 4, outputs: 6, groups: 2 })),
    ).toBe(114);
    expect(nodeParameters(randomBatchNorm(numbers, 8))).toBe(16);
    expect(nodeParameters({ kind: 'constant', value: { shape: [2, 3], data: new Float32Array(6) } })).toBe(6);
    const slopes = { shape: [4], data: new Float32Array(4) };
    expect(nodeParameters({ kind: 'parametricRelu', slopes })).toBe(4);
    expect(nodeParameters({ kind: 'softmax' })).toBe(0);
  });
});

describe('networkCost', () => {
  it('sums over all nodes', () => {
    // stem, down, project, grouped, depthwise, hidden, classes
    const macs = [144 * 216, 36 * 864, 36 * 96, 36 * 864, 36 * 144, 2880, 100];
    const parameters = [216 + 8, 16, 864, 96 + 12, 864 + 16, 144 + 16, 2880 + 20, 100 + 5];
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(networkCost(smallResidualNetwork())).toEqual({ macs: sum(macs), parameters: sum(parameters) });
  });
});
