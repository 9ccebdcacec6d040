import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openInOpenCv } from '../../../../scripts/openCv';
import { referencePath } from '../../../../scripts/reference';
import { noiseImages } from '../../../../workers/service/noiseImages';
import { createExecutor } from '../../../engine/executor';
import { evaluate } from '../../../engine/evaluate';
import { preprocess } from '../../../engine/preprocess';
import { startNodeBackend } from '../../../engine/testing/nodeBackend';
import { factoriseLayer } from '../../../network/factors';
import { FailureError } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { layerNodes } from '../../../network/layerNodes';
import { rewriteNetwork } from '../../../network/rewrite';
import { sizeOf } from '../../../network/shapes';
import { fixtureInput, runReferenceBatch } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { writerCases } from '../../testing/writerCases';
import { readNetwork } from '..';
import { writeCaffe } from './write';

type Sides = readonly [number, number, number];

async function answersOf(network: Network, images: Float32Array): Promise<Float32Array> {
  const net = await openInOpenCv(writeCaffe(network));
  const shape = network.input.shape as unknown as Sides;
  const size = sizeOf(shape);
  const answers: number[] = [];
  for (let at = 0; at < images.length; at += size)
    answers.push(...net.run(images.slice(at, at + size), shape));
  net.close();
  return Float32Array.from(answers);
}

/** The image that `runReferenceBatch` makes of its values, which come channels first. */
function channelsLast(values: Float32Array, [height, width, channels]: Sides): Float32Array {
  return values.map((_, index) => {
    const channel = index % channels;
    return values[channel * height * width + Math.floor(index / channels)]!;
  });
}

/**
 * Where OpenCV's reader knows less than the files say, which is valid Caffe: it has no Clip, reads neither
 * `round_mode` of a pool nor `k` of a local response normalisation, and has no softmax of a single number.
 */
const beyondOpenCv: readonly string[] = [
  ...[
    'relu6',
    'hardSigmoid',
    'hardSwish',
    'an average that counts the padding',
    'local response normalisation',
  ],
  'softmax of a 1×1 image',
];

/** Whether OpenCV answers what a plain loop does; null where Caffe cannot hold the network or takes no images. */
async function agrees(network: Network): Promise<boolean | null> {
  const shape = network.input.shape as unknown as Sides;
  if (shape.length !== 3 || !isHeld(network)) return null;
  const values = fixtureInput(sizeOf(shape));
  const expected = runReferenceBatch(network, values);
  try {
    const found = await answersOf(network, channelsLast(values, shape));
    const largest = Math.max(1, ...Array.from(expected, Math.abs));
    return found.length === expected.length && largestDifference(found, expected) < 1e-5 * largest;
  } catch (error) {
    if (/OpenCV|Type is unsupported/.test((error as Error).message)) return false;
    throw error;
  }
}

function isHeld(network: Network): boolean {
  try {
    writeCaffe(network);
    return true;
  } catch (error) {
    if (error instanceof FailureError) return false;
    throw error;
  }
}

describe('files of Caffe, run by OpenCV', () => {
  it('answer what a plain loop does, for every way in which operators are written', async () => {
    const found = [];
    for (const [name, network] of writerCases) found.push([name, await agrees(network)] as const);
    expect(
      found
        .filter(([, isSame]) => isSame === false)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(beyondOpenCv.toSorted());
    expect(found.filter(([, isSame]) => isSame).length).toBeGreaterThan(20);
  });
});

/** Networks as they come, by what they are; null where the reference collection is missing. */
const trained: readonly (readonly [string, string | null])[] = [
  ['ResNet-56', referencePath('res56/res56.onnx')],
  ['mnist_vgg', referencePath('models/mnist_vgg.onnx')],
  ['the sample vgg', sample('vgg')],
  ['the sample residual', sample('residual')],
];

function sample(name: string): string {
  return fileURLToPath(new URL(`../../../../public/samples/${name}.onnx`, import.meta.url));
}

/** Every fourth convolution cut to rank 4, by rows and columns and by channels in turns. */
function cut(network: Network): Network {
  const layers = layerNodes(network).filter(
    ({ operator }, index) => operator.kind === 'conv2d' && operator.groups === 1 && index % 4 === 1,
  );
  const places = new Map(layers.map((node, index) => [node.name, { node, index }]));
  const ranks = Object.fromEntries(layers.map(({ name }) => [name, 4]));
  return rewriteNetwork(network, ranks, (name) => {
    const { node, index } = places.get(name)!;
    return factoriseLayer(node, index % 2 === 0 ? 'spatial' : 'channel');
  });
}

/** The largest difference of scores between OpenCV and the studio's engine on noise. */
async function differenceFromEngine(network: Network): Promise<number> {
  const { images, indices, preprocessing } = noiseImages(network.input.shape, 2);
  const executor = createExecutor(network);
  const { scores } = await evaluate(executor, images, preprocessing);
  executor.dispose();
  return largestDifference(await answersOf(network, preprocess(images, indices, preprocessing)), scores);
}

describe('trained networks in OpenCV answer within 1e-4 of the studio’s engine', () => {
  beforeAll(() => startNodeBackend('wasm'));

  it.for(trained)('%s, whole and cut', async ([name, path], { skip }) => {
    skip(path === null, `${name} is missing`);
    const network = await readNetwork([{ name: path!, bytes: new Uint8Array(readFileSync(path!)) }]);
    expect(await differenceFromEngine(network)).toBeLessThan(1e-4);
    expect(await differenceFromEngine(cut(network))).toBeLessThan(1e-4);
  });
});
