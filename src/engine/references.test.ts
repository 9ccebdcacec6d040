import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { referencePath } from '../../scripts/reference';
import { readImages } from '../formats/datasets';
import { readNetwork } from '../formats/models';
import { factoriseLayer } from '../network/factors';
import type { Preprocessing } from '../network/images';
import { rewriteNetwork } from '../network/rewrite';
import { evaluate } from './evaluate';
import { createExecutor } from './executor';
import { countCorrect } from '../answers/correct';
import { inputTensor } from './preprocess';
import { startNodeBackend } from './testing/nodeBackend';

const file = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(referencePath(path)!)) });
const isMissing = (paths: readonly string[]) => paths.some((path) => referencePath(path) === null);

const grey: Preprocessing = { channels: 'grey', mean: [0], scale: [1 / 255] };
const cifar: Preprocessing = { channels: 'rgb', mean: [128], scale: [0.0078125] };
const digits = ['mnist/test3000-images-idx3-ubyte.gz', 'mnist/test3000-labels-idx1-ubyte.gz'];

/** Trained networks, and what PyTorch answers for them (see the collection's README). */
const trained = [
  {
    model: 'res56/res56.onnx',
    answers: 'res56/expected.json',
    data: ['cifar10/test_1000.bin'],
    preprocessing: cifar,
  },
  {
    model: 'models/mnist_vgg.onnx',
    answers: 'models/mnist_vgg.expected.json',
    data: digits,
    preprocessing: grey,
  },
  {
    model: 'models/mnist_mobile.onnx',
    answers: 'models/mnist_mobile.expected.json',
    data: digits,
    preprocessing: grey,
  },
];

interface Answers {
  readonly accuracy?: number;
  readonly test_1000?: { readonly top1: number };
  readonly first16: readonly (readonly number[])[];
}

describe('trained networks of the reference collection (../shared/reference; skipped where it is missing)', () => {
  beforeAll(() => startNodeBackend('wasm'));

  test.for(trained)('$model answers on WebAssembly as in PyTorch', async (reference, { skip }) => {
    const { model, answers, data, preprocessing } = reference;
    skip(isMissing([model, answers, ...data]), `${model} or its data is missing`);
    const tensors = tf.memory().numTensors;
    const images = readImages(data.map(file));
    const executor = createExecutor(await readNetwork([file(model)]));
    const predictions = await evaluate(executor, images, preprocessing);
    executor.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    const expected = JSON.parse(new TextDecoder().decode(file(answers).bytes)) as Answers;
    const scores = expected.first16.flat();
    scores.forEach((score, index) => expect(Math.abs(predictions.scores[index]! - score)).toBeLessThan(1e-4));
    const { top1, images: count } = countCorrect(predictions, images.labels!);
    expect(top1 / count).toBeCloseTo(expected.accuracy ?? expected.test_1000!.top1, 6);
  });

  test('a strided layer of ResNet-56 cut on a shared prefix answers exactly as the cut network run in full', async ({
    skip,
  }) => {
    const [{ model, data, preprocessing }] = trained as [(typeof trained)[number]];
    skip(isMissing([model, ...data]), `${model} or its data is missing`);
    const network = await readNetwork([file(model)]);
    const strided = network.nodes.find(
      ({ operator }) => operator.kind === 'conv2d' && operator.stride.height === 2,
    )!;
    const factors = factoriseLayer(strided, 'spatial');
    const images = readImages(data.map(file));
    const indices = Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const executor = createExecutor(network);
    const input = inputTensor(network.input.shape, images, indices, preprocessing);
    const prefix = executor.compute(new Map([[network.input.name, input]]), executor.frontier(strided.name));
    const [output = ''] = network.outputs;
    for (const rank of [4, 12]) {
      const cut = rewriteNetwork(network, { [strided.name]: rank }, () => factors);
      const derived = executor.derive(cut);
      const shared = derived.compute(prefix, [output]).get(output)!;
      const inFull = createExecutor(cut);
      const { scores } = await evaluate(inFull, images, preprocessing, { indices });
      expect(await shared.data()).toEqual(scores);
      shared.dispose();
      [derived, inFull].forEach((each) => each.dispose());
    }
    tf.dispose([input, ...prefix.values()]);
    executor.dispose();
  });
});
