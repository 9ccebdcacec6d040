import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLiteRtProgram } from '../../../../cli/liteRtProgram';
import { scoresIn, startLiteRt, type LiteRtRuntime } from '../../../../workers/service/liteRt';
import type { GraphNode, Network, Tensor } from '../../../network/graph';
import { asHalves, asSigned, asUnsigned, storedIntegers } from '../../../network/stored';
import {
  activation,
  chainOf,
  evenPadding,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork } from '..';
import { writeTflite } from './write';

const numbers = seededNumbers(21);
const norm = randomBatchNorm(numbers, 16);
/** Convolutions of every kind, one of them behind a factor below zero, and a dense layer. */
const network = chainOf(
  [8, 8, 3],
  [
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs: 3, outputs: 16 }),
    { ...norm, scale: norm.scale.map((value, channel) => (channel % 3 === 0 ? -value : value)) },
    activation('relu'),
    randomConvolution(numbers, { kernel: square(3), inputs: 16, outputs: 16, groups: 16, stride: square(2) }),
    activation('relu6'),
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs: 16, outputs: 64 }),
    { kind: 'flatten', order: 'chw' },
    randomDense(numbers, 576, 5),
  ],
);

function withWeights(form: (tensor: Tensor) => Tensor): Network {
  const changed = (node: GraphNode): GraphNode => {
    const { operator } = node;
    if (operator.kind === 'conv2d')
      return { ...node, operator: { ...operator, kernel: form(operator.kernel) } };
    if (operator.kind === 'dense')
      return { ...node, operator: { ...operator, weights: form(operator.weights) } };
    return node;
  };
  return { ...network, nodes: network.nodes.map(changed) };
}

describe('weights in fewer bits', () => {
  let liteRt: LiteRtRuntime;
  beforeAll(async () => {
    liteRt = await startLiteRt(loadLiteRtProgram);
  });
  afterAll(() => liteRt.stop());

  const plain = writeTflite(network).length;
  const weights = 4 * (3 * 9 * 16 + 9 * 16 + 9 * 16 * 64 + 576 * 5);

  it.each<[string, (tensor: Tensor) => Tensor, share: number]>([
    ['float16', (tensor) => asHalves(tensor)!, 1 / 2],
    ['int8 with a scale for every output', (tensor) => asSigned(tensor), 1 / 4],
    [
      'int8 with one scale',
      ({ shape, data }) => {
        const values = Int8Array.from(data, (value) => Math.round(value * 20));
        return storedIntegers(shape, { type: 'int8', values, scales: Float32Array.of(0.05), zeroPoint: 0 });
      },
      1 / 4,
    ],
    ['uint8, which is written as float32', (tensor) => asUnsigned(tensor, 'uint8'), 1],
  ])('%s: LiteRT and what is read answer as the network does', async (_, form, share) => {
    const rounded = withWeights(form);
    const { shape } = rounded.input;
    const values = fixtureInput(192);
    const expected = referenceScores(rounded, values).data;
    const file = writeTflite(rounded);
    const found = await scoresIn(liteRt, file, { values, count: 1, shape });
    expect(largestDifference(found, expected)).toBeLessThan(1e-5);
    const again = await readNetwork([{ name: 'a.tflite', bytes: file }]);
    expect(largestDifference(referenceScores(again, values).data, expected)).toBeLessThan(1e-5);
    // Scales, and operators of their own, take some room again.
    if (share < 1) expect(plain - file.length).toBeGreaterThan(0.6 * (1 - share) * weights);
    // They are other numbers than those that were rounded.
    expect(largestDifference(expected, referenceScores(network, values).data)).toBeGreaterThan(1e-5);
  });
});
