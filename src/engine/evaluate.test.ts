import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { imageCount } from '../answers/scores';
import { topClass } from '../answers/topClasses';
import { FailureError } from '../network/failure';
import type { Network } from '../network/graph';
import {
  activation,
  chainOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../network/testing/builders';
import { referenceScores } from '../network/testing/referenceExecutor';
import { evaluationBatchSize, peakBytesPerImage, suggestBatchSize } from './batchSize';
import { evaluate } from './evaluate';
import { createExecutor } from './executor';
import { preprocess } from './preprocess';
import { centredRgb, noiseImages } from './testing/images';
import { startNodeBackend } from './testing/nodeBackend';
import { largestError } from './testing/operatorCases';
import { randomResNet } from './testing/resnet';

const network = smallResidualNetwork(5);
const images = noiseImages(11, 12, 12);

/** Large, flat, strided, grouped and depthwise convolutions, pools and dense layers behind each other. */
function everyKindOfStep(): Network {
  const numbers = seededNumbers(3);
  const convolution = (
    size: readonly [number, number],
    inputs: number,
    outputs: number,
    step = 1,
    groups = 1,
  ) => {
    const [height, width] = size;
    const padding = { top: (height - 1) / 2, bottom: (height - 1) / 2, left: (width - 1) / 2, right: 0 };
    const options = { kernel: { height, width }, stride: square(step), padding, inputs, outputs, groups };
    return randomConvolution(numbers, options);
  };
  return chainOf(
    [45, 45, 3],
    [
      convolution([7, 7], 3, 8, 2),
      activation('relu6'),
      convolution([3, 3], 8, 8, 1, 8),
      convolution([1, 1], 8, 12),
      convolution([3, 3], 12, 12, 1, 3),
      convolution([5, 5], 12, 6, 2),
      convolution([3, 3], 6, 16),
      convolution([3, 1], 16, 7),
      convolution([1, 3], 7, 16),
      convolution([3, 3], 16, 10, 2),
      { kind: 'globalPool', reduce: 'average', keepDimensions: false },
      randomDense(numbers, 10, 33),
      randomDense(numbers, 33, 6),
    ],
  );
}

describe('evaluation on WebAssembly', () => {
  let tensors = 0;

  beforeAll(() => startNodeBackend('wasm'));
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(tensors);
  });

  const withExecutor = async <T>(work: (executor: ReturnType<typeof createExecutor>) => Promise<T>) => {
    const executor = createExecutor(network);
    try {
      return await work(executor);
    } finally {
      executor.dispose();
    }
  };

  test('gives what the definition gives, image by image', async () => {
    const answers = await withExecutor((executor) =>
      evaluate(executor, images, centredRgb, { batchSize: 4 }),
    );
    expect(answers).toMatchObject({ classes: 5, kind: 'probabilities' });
    expect(imageCount(answers)).toBe(11);
    const top1 = topClass(answers);
    for (let image = 0; image < images.count; image++) {
      const expected = referenceScores(network, preprocess(images, Uint32Array.of(image), centredRgb)).data;
      const found = answers.scores.subarray(image * 5, (image + 1) * 5);
      expect(largestError(found, expected)).toBeLessThan(1e-5);
      expect(top1[image]).toBe(found.indexOf(Math.max(...found)));
    }
  });

  test('does not depend on how the images are batched', async () => {
    await withExecutor(async (executor) => {
      const whole = await evaluate(executor, images, centredRgb, { batchSize: 11 });
      for (const batchSize of [1, 3, 5]) {
        const { scores } = await evaluate(executor, images, centredRgb, { batchSize });
        expect(scores).toEqual(whole.scores);
      }
    });
  });

  test('does not depend on it whatever computes a step, and on pictures of many strips either', async () => {
    const executor = createExecutor(everyKindOfStep());
    const pictures = noiseImages(9, 45, 45);
    const whole = await evaluate(executor, pictures, centredRgb, { batchSize: 9 });
    expect(new Set(whole.scores).size).toBe(whole.scores.length);
    for (const batchSize of [1, 2, 4, 7]) {
      const { scores } = await evaluate(executor, pictures, centredRgb, { batchSize });
      expect(scores).toEqual(whole.scores);
    }
    executor.dispose();
  });

  test('answers the images asked for in their order and tells its progress', async () => {
    await withExecutor(async (executor) => {
      const all = await evaluate(executor, images, centredRgb);
      const progress: number[] = [];
      const some = await evaluate(executor, images, centredRgb, {
        indices: Uint32Array.of(7, 2, 7),
        batchSize: 2,
        onBatch: ({ done, total }) => progress.push(done, total),
      });
      const all1 = topClass(all);
      expect([...topClass(some)]).toEqual([all1[7], all1[2], all1[7]]);
      expect([...some.scores.subarray(5, 10)]).toEqual([...all.scores.subarray(10, 15)]);
      expect(progress).toEqual([2, 3, 3, 3]);
    });
  });

  test('no images give no predictions', async () => {
    const none = await withExecutor((executor) =>
      evaluate(executor, images, centredRgb, { indices: new Uint32Array() }),
    );
    expect(imageCount(none)).toBe(0);
  });

  test('refuses images that do not fit', async () => {
    const work = withExecutor((executor) => evaluate(executor, noiseImages(2, 8, 8), centredRgb));
    await expect(work).rejects.toMatchObject({ code: 'images-do-not-fit' });
  });

  test('stops when cancelled, before a batch and in the middle of one', async () => {
    for (const allowed of [0, 1, 7, 25]) {
      let asked = 0;
      const work = withExecutor((executor) =>
        evaluate(executor, images, centredRgb, { batchSize: 4, isCancelled: () => asked++ >= allowed }),
      );
      await expect(work).rejects.toMatchObject({ code: 'cancelled' });
      await expect(work).rejects.toBeInstanceOf(FailureError);
    }
  });

  test('lets timers fire while it works, so that a message can cancel it', async () => {
    const large = createExecutor(randomResNet(2));
    let cancelled = false;
    setTimeout(() => (cancelled = true), 0);
    const work = evaluate(large, noiseImages(4096, 32, 32), centredRgb, { isCancelled: () => cancelled });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    large.dispose();
  });
});

test('the batch shrinks as the values of one image grow', () => {
  const small = randomResNet(1);
  // The busiest node is the first block's sum: the value it adds to, two branches and their sum never meet at once.
  expect(peakBytesPerImage(small)).toBe(3 * 32 * 32 * 16 * 4);
  expect(suggestBatchSize(small)).toBe(32);
  expect(evaluationBatchSize(small)).toBe(13);
  const large = { ...small, input: { name: 'image', shape: [1024, 1024, 3] } };
  expect(suggestBatchSize(large)).toBe(1);
  expect(evaluationBatchSize(large)).toBe(1);
});
