import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, loadModel, tf } from '../../../engine/testing/tfLayers';
import type { GraphNode, Network, Tensor } from '../../../network/graph';
import { asHalves, asUnsigned } from '../../../network/stored';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork, writeNetwork } from '..';

const numbers = seededNumbers(2);
const same = { kernel: square(3), padding: evenPadding(1) };
const network = chainOf(
  [6, 5, 3],
  [
    randomConvolution(numbers, { ...same, inputs: 3, outputs: 6 }),
    randomConvolution(numbers, { ...same, inputs: 6, outputs: 6, groups: 6 }),
    randomDense(numbers, 6, 5),
    // The writer counts elements in another order, and has to put the rows of the next layer in it.
    { kind: 'flatten', order: 'chw' },
    randomDense(numbers, 150, 40),
    randomDense(numbers, 40, 4),
  ],
);

/** The network with every kernel in a storage. */
function storedAs(change: (tensor: Tensor) => Tensor): Network {
  const nodes = network.nodes.map((node): GraphNode => {
    const { operator } = node;
    if (operator.kind === 'conv2d')
      return { ...node, operator: { ...operator, kernel: change(operator.kernel) } };
    if (operator.kind === 'dense')
      return { ...node, operator: { ...operator, weights: change(operator.weights) } };
    return node;
  });
  return { ...network, nodes };
}

const input = fixtureInput(90);

describe('a LayersModel in fewer bits', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each<[string, (tensor: Tensor) => Tensor, number]>([
    ['float16', (tensor) => asHalves(tensor)!, 2],
    ['uint8', (tensor) => asUnsigned(tensor, 'uint8'), 1],
    ['uint16', (tensor) => asUnsigned(tensor, 'uint16'), 2],
  ])('is read by plain TF.js where it is %s', async (_, change, width) => {
    const stored = storedAs(change);
    const expected = referenceScores(stored, input).data;
    const files = await writeNetwork(stored, 'tfjs');
    const biases = 6 + 6 + 5 + 40 + 4;
    const kernels = 27 * 6 + 9 * 6 + 6 * 5 + 150 * 40 + 40 * 4;
    expect(files[1]!.bytes.length).toBe(width * kernels + 4 * biases);
    const answers = await answersOf(await loadModel(files), input, [1, ...network.input.shape]);
    expect(largestDifference(answers, expected)).toBeLessThan(1e-5);
    expect(largestDifference(referenceScores(await readNetwork(files), input).data, expected)).toBeLessThan(
      1e-5,
    );
    expect(largestDifference(referenceScores(network, input).data, expected)).toBeGreaterThan(1e-5);
  });
});
