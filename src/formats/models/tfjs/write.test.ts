import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, loadModel, tf } from '../../../engine/testing/tfLayers';
import { networkCost } from '../../../network/cost';
import type { Network } from '../../../network/graph';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { writerCases } from '../../testing/writerCases';
import { readNetwork, writeNetwork } from '..';

/** What TF.js has no layer for, and the words that say so. */
const refused: Readonly<Record<string, RegExp>> = {
  'a grouped, dilated convolution': /"conv2d0" cannot be written.*2 groups/,
  'a padded average that rounds up and counts the padding': /"pool0".*counts the padding/,
  'a padded average that rounds up': /"pool0".*pads in a way/,
  'a maximum that rounds up': /"pool0".*pads in a way/,
  'padding with a value': /"pad0".*pads with 0.5/,
  'local response normalisation': /"localResponseNormalisation0".*no layer/,
  'rounding to levels from zero': /"quantise0".*floating point only/,
  'rounding to levels around zero': /"quantise0".*floating point only/,
  'a constant image': /"sum".*constant of shape 6×5×1/,
};
const written = writerCases.filter(([name]) => !(name in refused));
const unwritten = writerCases.filter(([name]) => name in refused);

const sizeOf = ({ input }: Network) => input.shape.reduce((a, b) => a * b, 1);
// Times four, so that bounds such as those of relu6 are passed.
const inputOf = (network: Network) => fixtureInput(sizeOf(network)).map((value) => 4 * value);

describe('LayersModel files written by the studio', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(written)('%s: plain TF.js loads it and gives the same answers', async (_, network) => {
    const input = inputOf(network);
    const model = await loadModel(await writeNetwork(network, 'tfjs'));
    const answers = await answersOf(model, input, [1, ...network.input.shape]);
    expect(largestDifference(answers, referenceScores(network, input).data)).toBeLessThan(1e-4);
  });

  it.each(written)('%s: is read back as the same function', async (_, network) => {
    const again = await readNetwork(await writeNetwork(network, 'tfjs'));
    const input = inputOf(network);
    const difference = largestDifference(
      referenceScores(again, input).data,
      referenceScores(network, input).data,
    );
    expect(difference).toBeLessThan(1e-4);
    expect(networkCost(again).macs).toBe(networkCost(network).macs);
    // Layers → ONNX → layers.
    const [file] = await writeNetwork(again, 'onnx');
    const third = await readNetwork(await writeNetwork(await readNetwork([file!]), 'tfjs'));
    expect(
      largestDifference(referenceScores(third, input).data, referenceScores(network, input).data),
    ).toBeLessThan(1e-4);
  });

  it.each(unwritten)('%s: is refused with the layer named', async (name, network) => {
    await expect(writeNetwork(network, 'tfjs')).rejects.toThrow(refused[name]!);
  });

  it('keep metadata and names, and split weights into shards', async () => {
    const numbers = seededNumbers(3);
    const wide = chainOf([1200], [randomDense(numbers, 1200, 1100), randomDense(numbers, 1100, 5)]);
    const files = await writeNetwork({ ...wide, metadata: { 'enc.method': 'map' } }, 'tfjs');
    expect(files.map(({ name }) => name)).toEqual([
      'model.json',
      'group1-shard1of2.bin',
      'group1-shard2of2.bin',
    ]);
    const again = await readNetwork(files);
    expect(again.metadata).toEqual({ 'enc.method': 'map' });
    expect(again.nodes.map(({ name }) => name)).toEqual(['dense0', 'dense1']);
    expect(again.nodes[0]!.operator).toEqual(wide.nodes[0]!.operator);
  });

  it('hold pools of every kind that TensorFlow can pad', async () => {
    const numbers = seededNumbers(5);
    const pools = [2, 3].flatMap((window) => [1, 2, 3].map((stride) => ({ window, stride })));
    for (const { window, stride } of pools) {
      for (const reduce of ['max', 'average'] as const) {
        const padding = evenPadding(window === 3 ? 1 : 0);
        const sliding = { window: square(window), stride: square(stride), padding, roundUp: false };
        const network = chainOf([9, 8, 2], [{ kind: 'pool', reduce, ...sliding, includePadding: false }]);
        const input = numbers.values(144);
        const model = await loadModel(await writeNetwork(network, 'tfjs'));
        const answers = await answersOf(model, input, [1, 9, 8, 2]);
        expect(largestDifference(answers, referenceScores(network, input).data)).toBeLessThan(1e-5);
      }
    }
  });

  it('name a grouped convolution of a whole network', async () => {
    await expect(writeNetwork(smallResidualNetwork(), 'tfjs')).rejects.toThrow(
      'Layer "grouped" cannot be written for TF.js LayersModel: it convolves in 2 groups, which TF.js has no layer for; choose ONNX.',
    );
  });

  it('refuse a stride with a dilation', async () => {
    const options = { kernel: square(2), inputs: 1, outputs: 2, stride: square(2), dilation: square(2) };
    const network = chainOf([8, 8, 1], [randomConvolution(seededNumbers(1), options)]);
    await expect(writeNetwork(network, 'tfjs')).rejects.toThrow(/"conv2d0".*both a stride and a dilation/);
  });
});
