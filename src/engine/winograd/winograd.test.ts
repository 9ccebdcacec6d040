import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { evenPadding, seededNumbers } from '../../network/testing/builders';
import { startNodeBackend } from '../testing/nodeBackend';
import { geometryOf } from './geometry';
import { compileConvolution, transformKernel } from './index';
import { canConvolve } from './convolution';
import { programBytes } from './program';
import { tapFactors, transformInputs, transformOutputs, type Arithmetic } from './tile';

const numbers: Arithmetic<number> = {
  plus: (a, b) => a + b,
  minus: (a, b) => a - b,
  times: (a, factor) => a * factor,
};

test('six products give four outputs of three taps', () => {
  const random = seededNumbers(1);
  for (let round = 0; round < 20; round++) {
    const [inputs, taps] = [[...random.values(6)], [...random.values(3)]];
    const factors = transformInputs(numbers, inputs);
    const products = tapFactors.map((row, index) => {
      return factors[index]! * row.reduce((sum, factor, k) => sum + factor * taps[k]!, 0);
    });
    transformOutputs(numbers, products).forEach((output, index) => {
      const plain = taps.reduce((sum, tap, k) => sum + tap * inputs[index + k]!, 0);
      expect(output).toBeCloseTo(plain, 12);
    });
  }
});

const shape = { height: 10, width: 7, inputs: 12, outputs: 20, padding: evenPadding(1) };

test.each(['none', 'relu', 'relu6'] as const)('the code is valid WebAssembly (%s)', (clamp) => {
  const bytes = programBytes(geometryOf(shape), { clamp, adds: clamp === 'relu' }, false);
  expect(WebAssembly.validate(bytes)).toBe(true);
  expect(WebAssembly.validate(bytes.slice(0, -1))).toBe(false);
});

describe('on WebAssembly', () => {
  beforeAll(() => startNodeBackend('wasm'));

  /** The first images of one fixed row of random ones, convolved. */
  function convolved(images: number, size: typeof shape = shape): Float32Array {
    return tf.tidy(() => {
      const random = seededNumbers(5);
      const { height, width, inputs, outputs } = size;
      const kernel = transformKernel({
        shape: [3, 3, inputs, outputs],
        data: random.values(9 * inputs * outputs),
      });
      const bias = tf.tensor(random.values(outputs));
      const x = tf.tensor(random.values(images * height * width * inputs), [images, height, width, inputs]);
      const run = compileConvolution(size, { clamp: 'none', adds: false });
      return run(x, tf.tensor(kernel), bias, null).dataSync() as Float32Array;
    });
  }

  test('an image’s numbers do not depend on the images beside it', () => {
    expect(canConvolve()).toBe(true);
    const all = convolved(9);
    for (const images of [1, 2, 5, 8]) {
      const fewer = convolved(images);
      expect(fewer).toEqual(all.subarray(0, fewer.length));
    }
  });

  test('sizes take turns without disturbing each other, nor leave anything behind', () => {
    const small = { ...shape, height: 4, width: 4, inputs: 4, outputs: 8 };
    const [before, tensors] = [convolved(3), tf.memory().numTensors];
    const bytes = tf.memory().numBytes;
    convolved(5, small);
    convolved(2, { ...shape, inputs: 64, outputs: 64 });
    expect(convolved(3)).toEqual(before);
    expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual([tensors, bytes]);
  });
});
