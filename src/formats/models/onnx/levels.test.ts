import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createExecutor } from '../../../engine/executor';
import { startNodeBackend } from '../../../engine/testing/nodeBackend';
import { createRandom } from '../../../linalg/random';
import type { Operator, Quantise } from '../../../network/graph';
import { networkOf, nodeOf, square } from '../../../network/testing/builders';
import { runOnnxRuntime } from '../../testing/onnxRuntime';
import { permute } from './tensors';
import { writeOnnx } from './write';

const shape = [8, 8, 3] as const;
const images = 400;
const rounding = (scale: number, zeroPoint: number): Quantise => ({
  ...{ kind: 'quantise', type: 'uint8', zeroPoint },
  scale: Math.fround(scale),
});

/** Scales of the two values that the operators read. */
const even = [0.5, 0.25] as const;
const odd = [0.0278497263789177, 0.0324003808200359] as const;

/** Two roundings, of the image and of its transpose, an operator on them, and the rounding of what it makes. */
function levelled(operator: Operator, [first, second]: readonly [number, number], made: Quantise) {
  const inputs = operator.kind === 'add' || operator.kind === 'multiply' ? ['a:0', 'b:0'] : ['a:0'];
  return networkOf(
    [...shape],
    [
      nodeOf('a', ['image'], rounding(first, 127)),
      nodeOf('turned', ['image'], { kind: 'transpose', permutation: [1, 0, 2] }),
      nodeOf('b', ['turned:0'], rounding(second, 128)),
      nodeOf('both', inputs, operator),
      nodeOf('made', ['both:0'], made),
    ],
  );
}

/** How many values differ between what our engine and ONNX Runtime answer. */
async function different(network: ReturnType<typeof levelled>): Promise<number> {
  const random = createRandom(5);
  const dims = [images, ...shape];
  const values = Float32Array.from({ length: images * 8 * 8 * 3 }, () => 8 * (random.uniform() - 0.5));
  const executor = createExecutor(network);
  const own = tf.tidy(() => executor.run(tf.tensor(values, dims)));
  const ours = permute(Float32Array.from(own.dataSync()), own.shape, [0, 3, 1, 2]);
  own.dispose();
  executor.dispose();
  const file = writeOnnx(network);
  const theirs = await runOnnxRuntime(file, permute(values, dims, [0, 3, 1, 2]), [images, 3, 8, 8]);
  expect(theirs.data).toHaveLength(ours.length);
  return ours.reduce((count, value, at) => count + Number(value !== theirs.data[at]), 0);
}

const none = { top: 0, bottom: 0, left: 0, right: 0 };
const average: Operator = {
  ...{ kind: 'pool', reduce: 'average', window: square(2), stride: square(2) },
  ...{ padding: none, roundUp: false, includePadding: false },
};
const wholeImage: Operator = { kind: 'globalPool', reduce: 'average', keepDimensions: true };

describe('operators between levels', () => {
  beforeAll(() => startNodeBackend('wasm'));

  // Scales that are powers of two put many results right between two levels, and zero points that are odd tell
  // whether they are added before or after the tie is broken. The other scales are those of a trained network.
  it.each<[string, Operator, readonly [number, number], Quantise]>([
    ['sums', { kind: 'add' }, even, rounding(1, 121)],
    ['sums at odd scales', { kind: 'add' }, odd, rounding(0.0281982868909836, 121)],
    ['products', { kind: 'multiply' }, even, rounding(1, 33)],
    ['products at odd scales', { kind: 'multiply' }, odd, rounding(0.0281982868909836, 121)],
    ['means', average, even, rounding(1, 99)],
    ['means of whole images', wholeImage, even, rounding(1 / 64, 101)],
  ])('%s are those of ONNX Runtime to the last level', async (_, operator, scales, made) => {
    expect(await different(levelled(operator, scales, made))).toBe(0);
  });
});
