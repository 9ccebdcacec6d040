import { beforeAll, describe, expect, it } from 'vitest';
import { graphAnswers } from '../../engine/testing/tfGraph';
import { answersOf, filesOfModel, fillWeights, layers, tf } from '../../engine/testing/tfLayers';
import type { Network, Shape } from '../../network/graph';
import { referenceScores } from '../../network/testing/referenceExecutor';
import { assertComputable } from '../../network/validate';
import { fixtureInput } from '../testing/fixtures';
import { largestDifference } from '../testing/layout';
import { attribute, GraphBuilder } from './tfjs/graph/testing/building';
import { readNetwork, writeNetwork } from '.';
import { writers } from './writers';

const make = layers.layers;

/** Networks as tutorials make them of 28×28 digits, smaller. */
const models: Readonly<Record<string, () => readonly layers.layers.Layer[]>> = {
  'Flatten, then Dense': () => [
    make.flatten({ inputShape: [6, 6] }),
    make.dense({ units: 7, activation: 'relu' }),
    make.dense({ units: 3 }),
  ],
  'Dense on pixels laid flat': () => [make.dense({ inputShape: [36], units: 7 }), make.dense({ units: 3 })],
  'Reshape to an image, then a convolution': () => [
    make.reshape({ inputShape: [6, 6], targetShape: [6, 6, 1] }),
    make.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
    make.maxPooling2d({ poolSize: 2 }),
    make.flatten({}),
    make.dense({ units: 3 }),
  ],
  'pixels laid flat that become an image': () => [
    make.reshape({ inputShape: [36], targetShape: [6, 6, 1] }),
    make.conv2d({ filters: 4, kernelSize: 3 }),
    make.globalAveragePooling2d({}),
    make.dense({ units: 3 }),
  ],
  'Dense on every row': () => [
    make.dense({ inputShape: [6, 5], units: 4, activation: 'relu' }),
    make.flatten({}),
    make.dense({ units: 3 }),
  ],
};

function modelOf(name: string): layers.LayersModel {
  const model = layers.sequential({ name: 'net' });
  for (const layer of models[name]!()) model.add(layer);
  fillWeights(model);
  return model;
}

function answers(network: Network): ArrayLike<number> {
  return referenceScores(network, fixtureInput(sizeOf(network.input.shape))).data;
}

const sizeOf = (shape: Shape) => shape.reduce((all, extent) => all * extent, 1);

describe('networks whose input has no channels', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(Object.keys(models))('%s: answers as plain TF.js does', async (name) => {
    const model = modelOf(name);
    const network = await readNetwork(await filesOfModel(model));
    assertComputable(network);
    const { shape } = network.input;
    const expected = await answersOf(model, fixtureInput(sizeOf(shape)), [1, ...shape]);
    expect(largestDifference(answers(network), expected)).toBeLessThan(1e-5);
  });

  const forms = Object.keys(models).flatMap((name) =>
    writers.all.filter(({ id }) => id !== 'onnx').map(({ id }) => [name, id] as const),
  );

  // Caffe's InnerProduct works on everything together.
  const refused = 'Dense on every row caffe';

  it.each(forms.filter((form) => form.join(' ') !== refused))(
    '%s: the same in %s, its input as it was',
    async (name, format) => {
      const network = await readNetwork(await filesOfModel(modelOf(name)));
      const again = await readNetwork(await writeNetwork(network, format));
      expect(again.input.shape).toEqual(network.input.shape);
      expect(largestDifference(answers(again), answers(network))).toBeLessThan(1e-5);
    },
  );
});

/** TensorFlow graphs of the same kind, by the axes of their input. */
const graphs: readonly (readonly [string, Shape, (graph: GraphBuilder) => string])[] = [
  [
    'Reshape, then MatMul',
    [6, 6],
    (g) => {
      const flat = g.add('Reshape', 'flat', ['x', g.integers('shape', -1, 36)]);
      return g.add('MatMul', 'y', [flat, g.weight('w', 36, 3)]);
    },
  ],
  [
    'ExpandDims behind, then Conv2D',
    [6, 6],
    (g) => {
      const image = g.add('ExpandDims', 'image', ['x', g.integer('axis', -1)]);
      return convolved(g, image);
    },
  ],
  [
    'ExpandDims at 3, Squeeze',
    [6, 6],
    (g) => {
      const image = g.add('ExpandDims', 'image', ['x', g.integer('axis', 3)]);
      const narrow = g.add('Squeeze', 'narrow', [image], { squeeze_dims: attribute.integers(-1) });
      return convolved(g, g.add('ExpandDims', 'again', [narrow, g.integer('axis2', 3)]));
    },
  ],
  [
    'pixels laid flat',
    [36],
    (g) => convolved(g, g.add('Reshape', 'image', ['x', g.integers('shape', -1, 6, 6, 1)])),
  ],
];

function convolved(g: GraphBuilder, image: string): string {
  const y = g.add('Conv2D', 'y', [image, g.weight('k', 3, 3, 1, 2)], {
    strides: attribute.integers(1, 2, 2, 1),
    dilations: attribute.integers(1, 1, 1, 1),
    padding: attribute.text('SAME'),
  });
  return g.add('Max', 'scores', [y, g.integers('both', 1, 2)]);
}

it.each(graphs)('graphs, %s: answer as plain TF.js does', async (_, shape, build) => {
  const graph = new GraphBuilder(shape);
  const output = build(graph);
  const network = await readNetwork(graph.files(output));
  assertComputable(network);
  expect(network.input.shape).toEqual(shape);
  const input = fixtureInput(sizeOf(shape));
  const expected = await graphAnswers(graph.json(output), graph.shard(), input, [1, ...shape]);
  expect(largestDifference(answers(network), expected)).toBeLessThan(1e-5);
});
