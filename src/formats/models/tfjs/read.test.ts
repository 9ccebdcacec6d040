import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, filesOfModel, fillWeights, layers, tf } from '../../../engine/testing/tfLayers';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../network/validate';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import type { NamedFile } from '../../file';
import { converters } from '../layers/operators';
import { sequenceLayers } from '../layers/operators/sequences';
import { readNetwork } from '..';

type Layer = layers.layers.Layer;
const { layers: make } = { layers: layers.layers };
const image = [7, 6, 4];

/** Layers in a row, each case a form in which TF.js writes a layer. */
const chains: Readonly<Record<string, { readonly input?: number[]; readonly layers: () => Layer[] }>> = {
  'Conv2D valid': { layers: () => [make.conv2d({ filters: 5, kernelSize: 3 })] },
  'Conv2D same with stride, on odd and even extents': {
    layers: () => [
      make.conv2d({ filters: 5, kernelSize: [3, 2], strides: 2, padding: 'same', useBias: false }),
    ],
  },
  'Conv2D dilated': {
    layers: () => [make.conv2d({ filters: 5, kernelSize: 2, dilationRate: [2, 3], padding: 'same' })],
  },
  'Conv2D with relu6': { layers: () => [make.conv2d({ filters: 5, kernelSize: 1, activation: 'relu6' })] },
  DepthwiseConv2D: {
    layers: () => [make.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' })],
  },
  'DepthwiseConv2D with stride': {
    layers: () => [make.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same' })],
  },
  SeparableConv2D: {
    layers: () => [make.separableConv2d({ filters: 6, kernelSize: 3, activation: 'relu' })],
  },
  'Dense with softmax': { input: [7], layers: () => [make.dense({ units: 4, activation: 'softmax' })] },
  'Dense without bias': { input: [7], layers: () => [make.dense({ units: 4, useBias: false })] },
  BatchNormalization: { layers: () => [make.batchNormalization({ axis: -1 })] },
  'BatchNormalization of axis 3 without scale': {
    layers: () => [make.batchNormalization({ axis: 3, scale: false })],
  },
  'BatchNormalization without offset': {
    layers: () => [make.batchNormalization({ center: false, epsilon: 0.1 })],
  },
  MaxPooling2D: { layers: () => [make.maxPooling2d({ poolSize: 2 })] },
  'MaxPooling2D same': { layers: () => [make.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })] },
  AveragePooling2D: { layers: () => [make.averagePooling2d({ poolSize: [2, 3], strides: [1, 2] })] },
  'AveragePooling2D same': {
    layers: () => [make.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  },
  GlobalAveragePooling2D: { layers: () => [make.globalAveragePooling2d({})] },
  GlobalMaxPooling2D: { layers: () => [make.globalMaxPooling2d({})] },
  'ZeroPadding2D on all sides': { layers: () => [make.zeroPadding2d({ padding: 2 })] },
  'ZeroPadding2D before a strided convolution': {
    layers: () => [
      make.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 1],
        ],
      }),
      make.conv2d({ filters: 3, kernelSize: 3, strides: 2 }),
    ],
  },
  'Flatten and Dense': { layers: () => [make.flatten({}), make.dense({ units: 3 })] },
  'Reshape to a vector': { layers: () => [make.reshape({ targetShape: [168] })] },
  'Reshape to an image': { input: [24], layers: () => [make.reshape({ targetShape: [2, 3, 4] })] },
  'Permute before Flatten': { layers: () => [make.permute({ dims: [3, 1, 2] }), make.flatten()] },
  'Permute behind Reshape': {
    input: [24],
    layers: () => [make.reshape({ targetShape: [4, 2, 3] }), make.permute({ dims: [2, 3, 1] })],
  },
  Dropout: { layers: () => [make.dropout({ rate: 0.5 })] },
  GaussianNoise: { layers: () => [make.gaussianNoise({ stddev: 1 })] },
  ReLU: { layers: () => [make.reLU({})] },
  'ReLU to 6': { layers: () => [make.reLU({ maxValue: 6 })] },
  'ReLU to 1': { layers: () => [make.reLU({ maxValue: 1 })] },
  'ReLU to 2.5': { layers: () => [make.reLU({ maxValue: 2.5 })] },
  LeakyReLU: { layers: () => [make.leakyReLU({ alpha: 0.25 })] },
  ELU: { layers: () => [make.elu({})] },
  'PReLU with one slope': { layers: () => [make.prelu({ sharedAxes: [1, 2, 3] })] },
  AlphaDropout: { layers: () => [make.alphaDropout({ rate: 0.5 })] },
  GaussianDropout: { layers: () => [make.gaussianDropout({ rate: 0.5 })] },
  Rescaling: { layers: () => [make.rescaling({ scale: 0.25, offset: -0.5 })] },
  Softmax: { layers: () => [make.softmax({ axis: -1 })] },
  ...Object.fromEntries(
    (
      [
        'linear',
        'relu',
        'relu6',
        'elu',
        'sigmoid',
        'hardSigmoid',
        'softplus',
        'tanh',
        'softmax',
        'swish',
      ] as const
    ).map((name) => [`Activation ${name}`, { layers: () => [make.activation({ activation: name })] }]),
  ),
};

type Symbolic = layers.SymbolicTensor;

/** Layers with several inputs. */
const merges: Readonly<Record<string, (a: Symbolic, b: Symbolic) => Symbolic>> = {
  Add: (a, b) => make.add().apply([a, b, a]) as Symbolic,
  Multiply: (a, b) => make.multiply().apply([a, b]) as Symbolic,
  Average: (a, b) => make.average().apply([a, b]) as Symbolic,
  Concatenate: (a, b) => make.concatenate().apply([a, b]) as Symbolic,
  'Concatenate of heights': (a, b) => make.concatenate({ axis: 1 }).apply([a, b]) as Symbolic,
  'one layer called twice': (a, b) => {
    const shared = make.conv2d({ filters: 4, kernelSize: 1 });
    return make.add().apply([shared.apply(a) as Symbolic, shared.apply(b) as Symbolic]) as Symbolic;
  },
  'a gate per channel': (a, b) => {
    const pooled = make.globalAveragePooling2d({}).apply(b) as Symbolic;
    const gate = make
      .dense({ units: 4, activation: 'sigmoid' })
      .apply(make.reshape({ targetShape: [1, 1, 4] }).apply(pooled));
    return make.multiply().apply([a, gate as Symbolic]) as Symbolic;
  },
};

/** Classes that Keras has and TF.js has not, by the one that computes the same when a network answers. */
const alike: Readonly<Record<string, readonly [string, () => Layer]>> = {
  Convolution2D: ['Conv2D', () => make.conv2d({ filters: 5, kernelSize: 3 })],
  MaxPool2D: ['MaxPooling2D', () => make.maxPooling2d({ poolSize: 2 })],
  AvgPool2D: ['AveragePooling2D', () => make.averagePooling2d({ poolSize: 2 })],
  ...Object.fromEntries(
    [
      ...['SpatialDropout2D', 'ActivityRegularization', 'Identity', 'RandomFlip', 'RandomRotation'],
      ...['RandomZoom', 'RandomTranslation', 'RandomContrast', 'RandomBrightness'],
    ].map((name) => [name, ['Dropout', () => make.dropout({ rate: 0.5 })]] as const),
  ),
};

/** The files with one class under another name. */
function renamed(files: readonly NamedFile[], from: string, to: string): NamedFile[] {
  return files.map(({ name, bytes }) => {
    if (name !== 'model.json') return { name, bytes };
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain(`"class_name":"${from}"`);
    const changed = text.replaceAll(`"class_name":"${from}"`, `"class_name":"${to}"`);
    return { name, bytes: new TextEncoder().encode(changed) };
  });
}

async function expectSameAnswers(
  model: layers.LayersModel,
  shape: readonly number[],
  change: (files: readonly NamedFile[]) => readonly NamedFile[] = (files) => files,
): Promise<void> {
  fillWeights(model);
  const network = await readNetwork(change(await filesOfModel(model)));
  assertComputable({ ...network, outputs: network.outputs });
  const size = shape.reduce((a, b) => a * b, 1);
  const input = fixtureInput(size).map((value) => 4 * value);
  const expected = await answersOf(model, input, [1, ...shape]);
  expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(1e-4);
}

/** Behind whatever is tried stands a Dense layer, so that the network answers with class scores. */
function withScores(value: Symbolic): Symbolic {
  const flat = value.shape.length > 2 ? (make.flatten({}).apply(value) as Symbolic) : value;
  return make.dense({ units: 5 }).apply(flat) as Symbolic;
}

/** Classes that `../layers/newerLayers.test.ts` and `../layers/sequences.test.ts` try, and other names of theirs. */
const triedElsewhere: ReadonlySet<string> = new Set([
  ...[
    'Maximum',
    'Minimum',
    'Dot',
    'Cropping2D',
    'UpSampling2D',
    'Resizing',
    'Normalization',
    'LayerNormalization',
  ],
  ...[
    'TFOpLambda',
    'SlicingOpLambda',
    'GlobalAvgPool2D',
    'GlobalMaxPool2D',
    'FixedDropout',
    'SpatialDropout1D',
  ],
  ...sequenceLayers.keys(),
]);

describe('LayersModel files written by TF.js', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(Object.entries(chains))(
    '%s, in a Sequential model',
    async (_, { input = image, layers: chain }) => {
      const [first, ...rest] = chain();
      const model = layers.sequential();
      model.add(make.inputLayer({ inputShape: input }));
      for (const layer of [first!, ...rest]) model.add(layer);
      if (model.outputShape.length > 2) model.add(make.flatten({}));
      model.add(make.dense({ units: 5 }));
      await expectSameAnswers(model, input);
    },
  );

  it.each(Object.entries(chains))(
    '%s, in a Functional model',
    async (_, { input = image, layers: chain }) => {
      const start = layers.input({ shape: input });
      const end = chain().reduce<Symbolic>((value, layer) => layer.apply(value) as Symbolic, start);
      await expectSameAnswers(layers.model({ inputs: start, outputs: withScores(end) }), input);
    },
  );

  it.each(Object.entries(merges))('%s', async (_, merge) => {
    const start = layers.input({ shape: image });
    const other = make.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(start) as Symbolic;
    await expectSameAnswers(layers.model({ inputs: start, outputs: withScores(merge(start, other)) }), image);
  });

  it.each(Object.entries(alike))('%s', async (name, [as, layer]) => {
    const model = layers.sequential();
    model.add(make.inputLayer({ inputShape: image }));
    for (const part of [layer(), make.flatten({}), make.dense({ units: 5 })]) model.add(part);
    await expectSameAnswers(model, image, (files) => renamed(files, as, name));
  });

  it('Subtract', async () => {
    const start = layers.input({ shape: image });
    const other = make.conv2d({ filters: 4, kernelSize: 3, padding: 'same', name: 'other' });
    const sum = make.add().apply([start, other.apply(start) as Symbolic]) as Symbolic;
    const model = layers.model({ inputs: start, outputs: withScores(sum) });
    fillWeights(model);
    const network = await readNetwork(renamed(await filesOfModel(model), 'Add', 'Subtract'));
    // a − b in TF.js: a plus a convolution whose weights are the negative ones.
    other.setWeights(other.getWeights().map((weight) => tf.neg(weight)));
    const input = fixtureInput(168);
    const expected = await answersOf(model, input, [1, ...image]);
    expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(1e-4);
  });

  it('are tried for every class that is read', () => {
    const tried = [...Object.keys(chains), ...Object.keys(merges), ...Object.keys(alike), 'Subtract'];
    const classes = new Set(tried.map((name) => name.split(' ')[0]!));
    const untried = [...converters.keys()].filter((name) => !classes.has(name));
    expect(untried.filter((name) => !triedElsewhere.has(name))).toEqual([]);
  });
});
