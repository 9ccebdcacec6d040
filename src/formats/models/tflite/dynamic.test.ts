import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLiteRtProgram } from '../../../../cli/liteRtProgram';
import { scoresIn, startLiteRt, type LiteRtRuntime } from '../../../../workers/service/liteRt';
import { createExecutor } from '../../../engine/executor';
import { startNodeBackend } from '../../../engine/testing/nodeBackend';
import { dynamicLevelsOf } from '../../../network/dynamicLevels';
import type { Conv2d, Dense, Network, Shape } from '../../../network/graph';
import { layerNodes } from '../../../network/layerNodes';
import { withWeights } from '../../../network/layerWeights';
import { applyPatch } from '../../../network/patch';
import { sizeOf } from '../../../network/shapes';
import { kernelOf } from '../../../network/sharing';
import { asHalves, asSigned, storedIntegers } from '../../../network/stored';
import {
  activation,
  evenPadding,
  networkOf,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
  type ConvolutionOptions,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { withDynamicRounding } from '../../../quantise/dynamic';
import { largestDifference } from '../../testing/layout';
import { readNetwork, writeNetwork } from '..';
import { writeTflite } from './write';

const numbers = seededNumbers(31);
const same = { kernel: square(3), padding: evenPadding(1) };
const tall = { kernel: { height: 3, width: 1 }, padding: { top: 1, bottom: 1, left: 0, right: 0 } };

/** Convolutions by what they are; all of them 8×8 pixels. */
const convolutions: Readonly<Record<string, ConvolutionOptions>> = {
  'with "same" padding': { ...same, inputs: 3, outputs: 16 },
  'with a stride and padding of its own': { ...same, inputs: 3, outputs: 16, stride: square(2) },
  dilated: { kernel: square(3), inputs: 3, outputs: 16, dilation: square(2) },
  'in groups': { kernel: square(3), inputs: 4, outputs: 16, groups: 2 },
  'of rows alone': { ...tall, inputs: 8, outputs: 6 },
  '1×1, a dense layer of every pixel': { kernel: square(1), inputs: 8, outputs: 16 },
  '1×1 in groups': { kernel: square(1), inputs: 8, outputs: 16, groups: 2 },
  '1×1 with a stride': { kernel: square(1), inputs: 8, outputs: 16, stride: square(2) },
  'of many channels': { ...same, inputs: 96, outputs: 8 },
};
const depthwise: Readonly<Record<string, ConvolutionOptions>> = {
  plain: { kernel: square(3), inputs: 8, outputs: 8, groups: 8 },
  'of several outputs each, with a stride': {
    ...{ kernel: square(3), inputs: 8, outputs: 16, groups: 8, stride: square(2) },
  },
};
const dense: Readonly<Record<string, Shape>> = {
  'of a vector': [32],
  'of rows': [5, 32],
  'of every pixel': [4, 4, 32],
};

const signed = <Layer extends Conv2d | Dense>(operator: Layer): Layer =>
  operator.kind === 'conv2d'
    ? { ...operator, kernel: asSigned(operator.kernel) }
    : { ...operator, weights: asSigned((operator as Dense).weights) };

/** A layer, what it reads rounded as it runs, and a ReLU. */
function around(operator: Conv2d | Dense, shape: Shape): Network {
  return networkOf(shape, [
    nodeOf('rounded', ['image'], dynamicLevelsOf(operator)!),
    nodeOf('layer', ['rounded:0'], operator),
    nodeOf('relu', ['layer:0'], activation('relu')),
  ]);
}

const convolution = (options: ConvolutionOptions) =>
  around(signed(randomConvolution(numbers, options)), [8, 8, options.inputs]);

describe('layers whose input runtimes round as they run', () => {
  let liteRt: LiteRtRuntime;
  beforeAll(async () => {
    await startNodeBackend('wasm');
    liteRt = await startLiteRt(loadLiteRtProgram);
  });
  afterAll(() => liteRt.stop());

  /** By the engine, two images at a time: each has levels of its own. */
  function answersHere(network: Network, images: readonly Float32Array[]): Float32Array {
    const executor = createExecutor(network);
    const batch = images.flatMap((image) => [...image]);
    const answers = tf.tidy(() =>
      executor.run(tf.tensor(batch, [images.length, ...network.input.shape])).dataSync(),
    );
    executor.dispose();
    return Float32Array.from(answers);
  }

  async function compared(network: Network) {
    const { shape } = network.input;
    const images = [1, 3].map((scale) => numbers.values(sizeOf(shape), scale));
    const [file] = await writeNetwork(network, 'tflite');
    const values = Float32Array.from(images.flatMap((image) => [...image]));
    const there = await scoresIn(liteRt, file!.bytes, { values, count: 2, shape });
    const here = answersHere(network, images);
    const again = await readNetwork([file!]);
    expect(answersHere(again, images)).toEqual(here);
    const plainLoop = images.flatMap((image) => [...referenceScores(network, image).data]);
    expect(largestDifference(here, Float32Array.from(plainLoop))).toBeLessThan(1e-4);
    return { here, there };
  }

  it.each(Object.keys(convolutions))('LiteRT answers the same to the bit: a convolution %s', async (name) => {
    const { here, there } = await compared(convolution(convolutions[name]!));
    expect(there).toEqual(here);
  });

  it.each(Object.keys(dense))('LiteRT answers the same to the bit: a dense layer %s', async (name) => {
    const { here, there } = await compared(around(signed(randomDense(numbers, 32, 10)), dense[name]!));
    expect(there).toEqual(here);
  });

  it('LiteRT answers the same to the bit: a dense layer with one scale', async () => {
    const layer = randomDense(numbers, 32, 10);
    const values = Int8Array.from(layer.weights.data, (value) => Math.round(value * 100));
    const stored = { type: 'int8', values, scales: Float32Array.of(0.01), zeroPoint: 0 } as const;
    const weights = storedIntegers(layer.weights.shape, stored);
    const { here, there } = await compared(around({ ...layer, weights }, [32]));
    expect(there).toEqual(here);
  });

  // TensorFlow Lite's own kernel finds the scale in double precision.
  it.each(Object.keys(depthwise))('LiteRT answers within 1e-5: a depthwise convolution, %s', async (name) => {
    const { here, there } = await compared(convolution(depthwise[name]!));
    expect(largestDifference(there, here)).toBeLessThan(1e-5);
  });

  it('answers for a whole network are LiteRT’s, and others than without rounding', async () => {
    const network = smallResidualNetwork(5);
    const layers = new Map(layerNodes(network).map((node) => [node.name, node]));
    const nodes = network.nodes.flatMap((node) => {
      const layer = layers.get(node.name);
      if (node.operator.kind === 'batchNorm')
        return [{ ...node, operator: { kind: 'identity', origin: 'identity' } as const }];
      return [layer ? withWeights(layer, asSigned(kernelOf(layer)), layer.operator.bias) : node];
    });
    const plain = { ...network, nodes };
    const rounded = applyPatch(plain, withDynamicRounding(plain));
    const { here, there } = await compared(rounded);
    expect(largestDifference(there, here)).toBeLessThan(1e-4);
    const image = numbers.values(432);
    const exact = referenceScores(plain, image).data;
    expect(largestDifference(referenceScores(rounded, image).data, exact)).toBeGreaterThan(1e-4);
    expect(writeTflite(rounded).length).toBeLessThan(writeTflite(plain).length);
  });
});

describe('what cannot be written', () => {
  const layer = randomDense(numbers, 8, 3);

  it.each(['onnx', 'keras', 'h5', 'tfjs', 'caffe'])(
    '%s: levels that are found as it runs',
    async (format) => {
      await expect(writeNetwork(around(signed(layer), [8]), format)).rejects.toThrow(
        /: expected values in float32 or on levels that are known before, found "rounded", which finds them as it runs; choose activations in float32, or TensorFlow Lite\.$/,
      );
    },
  );

  it('such levels before other weights than int8', () => {
    const halves = { ...layer, weights: asHalves(layer.weights)! };
    expect(() => writeTflite(around(halves, [8]))).toThrow(
      /^Layer "layer" cannot be written for TensorFlow Lite: expected weights in int8 behind what is rounded as the file runs, found others; store them in int8, or activations in float32\.$/,
    );
  });
});
