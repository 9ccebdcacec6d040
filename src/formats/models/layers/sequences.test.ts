import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, filesOfModel, fillWeights, layers, tf } from '../../../engine/testing/tfLayers';
import { networkCost } from '../../../network/cost';
import type { Network, Shape } from '../../../network/graph';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { assertComputable, unsupportedNodes } from '../../../network/validate';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork, writeNetwork } from '..';
import { networkOfLayers } from './read';
import type { WeightSource } from './weights';

const make = layers.layers;
const length = 12;
const channels = 3;
const input = fixtureInput(length * channels).map((value) => 2 * value);
const scores = (network: Network) => referenceScores(network, input).data;

/** Networks on sequences, as they are made for keywords, heartbeats and motion. */
const models: Readonly<Record<string, () => readonly layers.layers.Layer[]>> = {
  'convolutions, pools and a dense layer': () => [
    make.conv1d({ inputShape: [length, channels], filters: 4, kernelSize: 3, activation: 'relu' }),
    make.batchNormalization({ axis: -1 }),
    make.maxPooling1d({ poolSize: 2 }),
    make.conv1d({ filters: 5, kernelSize: 2, padding: 'same' }),
    make.leakyReLU({ alpha: 0.2 }),
    make.flatten({}),
    make.dense({ units: 4, activation: 'softmax' }),
  ],
  'strides and padding': () => [
    make.conv1d({ inputShape: [length, channels], filters: 4, kernelSize: 4, strides: 2, padding: 'same' }),
    make.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' }),
    make.globalAveragePooling1d({}),
    make.dense({ units: 3 }),
  ],
  'a dilation, then the greatest of all': () => [
    make.conv1d({
      inputShape: [length, channels],
      filters: 4,
      kernelSize: 3,
      dilationRate: 2,
      useBias: false,
    }),
    make.dropout({ rate: 0.5 }),
    make.globalMaxPooling1d({}),
    make.dense({ units: 3 }),
  ],
  'a dense layer on every element': () => [
    make.conv1d({ inputShape: [length, channels], filters: 4, kernelSize: 1 }),
    make.dense({ units: 5, activation: 'tanh' }),
    make.reshape({ targetShape: [60] }),
    make.dense({ units: 3 }),
  ],
  'pixels laid flat that become a sequence': () => [
    make.reshape({ inputShape: [length * channels], targetShape: [length, channels] }),
    make.conv1d({ filters: 4, kernelSize: 3 }),
    make.permute({ dims: [2, 1] }),
    make.flatten({}),
    make.dense({ units: 3 }),
  ],
  'a sequence that becomes an image': () => [
    make.conv1d({ inputShape: [length, channels], filters: 4, kernelSize: 1 }),
    make.reshape({ targetShape: [length, 4, 1] }),
    make.conv2d({ filters: 2, kernelSize: 3 }),
    make.globalMaxPooling2d({}),
    make.dense({ units: 3 }),
  ],
};

function modelOf(name: string): layers.LayersModel {
  const model = layers.sequential({ name: 'net' });
  for (const layer of models[name]!()) model.add(layer);
  fillWeights(model);
  return model;
}

describe('networks on sequences', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(Object.keys(models))('%s: answers as plain TF.js does, and in every format', async (name) => {
    const model = modelOf(name);
    const network = await readNetwork(await filesOfModel(model));
    assertComputable(network);
    const { shape } = network.input;
    const expected = await answersOf(model, input, [1, ...shape]);
    expect(largestDifference(scores(network), expected)).toBeLessThan(1e-5);
    for (const format of ['tfjs', 'keras', 'h5']) {
      const again = await readNetwork(await writeNetwork(network, format));
      expect(again.input.shape).toEqual(shape);
      expect(largestDifference(scores(again), expected)).toBeLessThan(1e-5);
      expect(networkCost(again).macs).toBe(networkCost(network).macs);
    }
  });

  it('branches that are added and joined stay rows of images', async () => {
    const x = layers.input({ shape: [length, channels] });
    const one = make.conv1d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(x) as layers.SymbolicTensor;
    const other = make.conv1d({ filters: 4, kernelSize: 1 }).apply(x) as layers.SymbolicTensor;
    const sum = make.add({}).apply([one, other]) as layers.SymbolicTensor;
    const joined = make.concatenate({ axis: 1 }).apply([sum, one]) as layers.SymbolicTensor;
    const both = make.concatenate({}).apply([joined, joined]) as layers.SymbolicTensor;
    const pooled = make.globalAveragePooling1d({}).apply(both) as layers.SymbolicTensor;
    const model = layers.model({ inputs: x, outputs: pooled });
    fillWeights(model);
    const network = await readNetwork(await filesOfModel(model));
    const expected = await answersOf(model, input, [1, length, channels]);
    expect(largestDifference(scores(network), expected)).toBeLessThan(1e-5);
    // One reshape, of the input, and none between the layers.
    expect(network.nodes.filter(({ operator }) => operator.kind === 'reshape')).toHaveLength(1);
  });
});

type Json = Readonly<Record<string, unknown>>;

/** A Sequential model of Keras with one layer and these weights, perhaps behind others. */
function keras(
  className: string,
  config: Json,
  tensors: Readonly<Record<string, Float32Array>> = {},
  before: readonly Json[] = [],
): Network {
  const weights: WeightSource = {
    find: (_, wanted) =>
      wanted.map(({ names, shape }) => {
        const data = tensors[names[0]!];
        return data ? { shape, read: () => data } : null;
      }),
  };
  const start = { class_name: 'InputLayer', config: { name: 'x', batch_shape: [null, length, channels] } };
  const layer = { class_name: className, config: { name: 'layer', ...config } };
  return networkOfLayers({
    topology: { class_name: 'Sequential', config: { name: 'net', layers: [start, ...before, layer] } },
    ...{ where: 'config', weights, kerasVersion: '3.0.0', name: 'net', format: 'keras', metadata: {} },
    options: {},
  });
}

const at = (position: number, channel: number) => input[position * channels + channel] ?? 0;
const each = (shape: Shape, value: (position: number, channel: number) => number) =>
  Array.from({ length: shape[0]! * shape[1]! }, (_, index) =>
    value(Math.floor(index / shape[1]!), index % shape[1]!),
  );

describe('layers of one dimension that only Keras has', () => {
  const kernel = fixtureInput(2 * channels * 2);
  const cases: Readonly<Record<string, readonly [Network, readonly number[]]>> = {
    'Conv1D that looks back only': [
      keras(
        'Conv1D',
        { filters: 2, kernel_size: [2], padding: 'causal', dilation_rate: [3], use_bias: 0 },
        { kernel },
      ),
      each([length, 2], (position, output) =>
        [0, 1].reduce((sum, tap) => {
          const place = position - 3 * (1 - tap);
          const seen = [0, 1, 2].map(
            (channel) => at(place, channel) * kernel[(tap * 3 + channel) * 2 + output]!,
          );
          return place < 0 ? sum : sum + seen[0]! + seen[1]! + seen[2]!;
        }, 0),
      ),
    ],
    'DepthwiseConv1D with two outputs a channel': [
      keras(
        'DepthwiseConv1D',
        { kernel_size: 2, depth_multiplier: 2, use_bias: false },
        { depthwise_kernel: kernel },
      ),
      each([length - 1, 6], (position, output) => {
        const [channel, part] = [Math.floor(output / 2), output % 2];
        const tap = (k: number) => at(position + k, channel) * kernel[(k * 3 + channel) * 2 + part]!;
        return tap(0) + tap(1);
      }),
    ],
    'SeparableConv1D that takes sums': [
      keras(
        'SeparableConv1D',
        { filters: 1, kernel_size: 2, use_bias: false },
        { depthwise_kernel: new Float32Array(6).fill(1), pointwise_kernel: Float32Array.of(1, 2, 3) },
      ),
      each([length - 1, 1], (position) =>
        [0, 1, 2].reduce(
          (sum, channel) => sum + (channel + 1) * (at(position, channel) + at(position + 1, channel)),
          0,
        ),
      ),
    ],
    ZeroPadding1D: [
      keras('ZeroPadding1D', { padding: [1, 2] }),
      each([length + 3, channels], (position, channel) =>
        position < 1 || position > length ? 0 : at(position - 1, channel),
      ),
    ],
    Cropping1D: [
      keras('Cropping1D', { cropping: [2, 3] }),
      each([length - 5, channels], (position, channel) => at(position + 2, channel)),
    ],
    UpSampling1D: [
      keras('UpSampling1D', { size: 3 }),
      each([3 * length, channels], (position, channel) => at(Math.floor(position / 3), channel)),
    ],
    'GlobalMaxPooling1D that keeps its axis': [
      keras('GlobalMaxPooling1D', { keepdims: true }),
      [0, 1, 2].map((channel) => Math.max(...Array.from({ length }, (_, position) => at(position, channel)))),
    ],
  };

  it.each(Object.keys(cases))('%s', (name) => {
    const [network, expected] = cases[name]!;
    expect(unsupportedNodes(network)).toEqual([]);
    expect(largestDifference(scores(network), expected)).toBeLessThan(1e-5);
  });
});

it('a layer behind one that cannot be computed does not know its sequences', () => {
  const own = { class_name: 'OwnLayer', config: { name: 'own' } };
  const { nodes } = keras('Conv1D', { filters: 2, kernel_size: 2 }, {}, [own]);
  expect(nodes.at(-1)!.operator).toMatchObject({
    ...{ kind: 'unsupported', operator: 'Conv1D', behind: 'own' },
    reason: 'the shape of its input is not known.',
  });
});
