import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Conv2d, Extent } from '../../network/graph';
import { evenPadding, randomConvolution, seededNumbers, square } from '../../network/testing/builders';
import { slidingOutput } from '../../network/window';
import { explicitPadding } from '../operators/conv2d';
import { startNodeBackend } from '../testing/nodeBackend';
import { largestError } from '../testing/operatorCases';
import type { FormName } from './forms';
import { currentHeap } from './heap';
import { planOf } from './plan';
import { alignedOutputs, canConvolve, compileConvolution, formOf, layerWeights, pairOf } from './index';
import type { Epilogue, Layer } from './index';

const bare: Epilogue = { adds: false, clamp: 'none' };

/** What the layers' own code makes of images of one fixed row of random ones. */
function convolved(
  layers: readonly Layer[],
  size: Extent,
  images: number,
  epilogue = bare,
  addend: Float32Array | null = null,
): Float32Array {
  return tf.tidy(() => {
    const x = imagesFor(layers, size, images);
    const tensors = layers.map((layer) => {
      const bias = new Float32Array(alignedOutputs(layer.convolution));
      bias.set(layer.convolution.bias ?? []);
      return { weights: tf.tensor1d(layerWeights(layer)), bias: tf.tensor1d(bias) };
    });
    const added = addend && tf.tensor1d(addend);
    const y = compileConvolution(layers, size, epilogue)(x, tensors, added);
    return y.dataSync() as Float32Array;
  });
}

function imagesFor([first]: readonly Layer[], { height, width }: Extent, images: number): tf.Tensor4D {
  const { kernel, groups } = first!.convolution;
  const inputs = (kernel.shape[2] ?? 0) * groups;
  const values = seededNumbers(5).values(images * height * width * inputs);
  return tf.tensor4d(values, [images, height, width, inputs]);
}

/** The same by tfjs's kernels, which know no groups: each is convolved by itself. */
function expected(layers: readonly Layer[], size: Extent, images: number): tf.Tensor4D {
  return layers.reduce((x, { convolution }) => generally(x, convolution), imagesFor(layers, size, images));
}

function generally(x: tf.Tensor4D, { kernel, bias, stride, padding, dilation, groups }: Conv2d): tf.Tensor4D {
  const filter = tf.tensor4d(kernel.data, kernel.shape as [number, number, number, number]);
  const parts = tf.split(filter, groups, 3);
  const slices = tf.split(x, groups, 3);
  const strides: [number, number] = [stride.height, stride.width];
  const dilations: [number, number] = [dilation.height, dilation.width];
  const outputs = parts.map((part, group) => {
    const slice = slices[group] as tf.Tensor4D;
    return tf.conv2d(slice, part as tf.Tensor4D, strides, explicitPadding(padding), 'NHWC', dilations);
  });
  return tf.add(tf.concat(outputs, 3), tf.tensor1d(bias ?? new Float32Array(kernel.shape[3] ?? 0)));
}

/** Holds the layers' own code against tfjs's, plain and with an addend and a clamp, and counts tensors. */
function check(layers: readonly Layer[], size: Extent, images: number): void {
  const before = tf.memory().numTensors;
  const found = convolved(layers, size, images);
  const plain = tf.tidy(() => expected(layers, size, images).dataSync() as Float32Array);
  expect(largestError(found, plain)).toBeLessThan(1e-4);
  const addend = seededNumbers(8).values(plain.length);
  const clamped = convolved(layers, size, images, { adds: true, clamp: 'relu6' }, addend);
  const sums = plain.map((value, index) => Math.min(6, Math.max(0, value + addend[index]!)));
  expect(largestError(clamped, sums)).toBeLessThan(1e-4);
  expect(tf.memory().numTensors).toBe(before);
}

const kernels: Readonly<Record<Exclude<FormName, 'direct'>, Extent>> = {
  square: square(3),
  vertical: { height: 3, width: 1 },
  horizontal: { height: 1, width: 3 },
};

const side = fc.nat({ max: 2 });
const padding = fc.record({ top: side, bottom: side, left: side, right: side });
const noPadding = evenPadding(0);
const vectors = fc.integer({ min: 1, max: 6 });

describe('on WebAssembly, as tfjs’s own kernels compute it,', () => {
  beforeAll(async () => {
    await startNodeBackend('wasm');
    expect(canConvolve()).toBe(true);
  });

  test.each(Object.entries(kernels))('%s', (form, kernel) => {
    const cases = fc.record({
      inputs: vectors,
      outputs: vectors,
      padding,
      height: fc.integer({ min: 3, max: 13 }),
      width: fc.integer({ min: 3, max: 13 }),
      images: fc.integer({ min: 1, max: 6 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ inputs, outputs, padding: sides, height, width, images, seed }) => {
        const channels = { inputs: 4 * inputs, outputs: 4 * outputs };
        const options = { kernel, padding: sides, ...channels };
        const convolution = randomConvolution(seededNumbers(seed), options);
        check([{ convolution, form: form as FormName }], { height, width }, images);
      }),
      {
        ...{ numRuns: 40, seed: 1 },
        // Lines that are whole tiles without margins are read from the images, of which each ends within a strip.
        examples: [
          [{ inputs: 1, outputs: 1, padding: noPadding, height: 5, width: 6, images: 2, seed: 0 }],
          [{ inputs: 3, outputs: 2, padding: noPadding, height: 7, width: 10, images: 3, seed: 1 }],
        ],
      },
    );
  });

  test('by definition: any kernel, stride, dilation, groups', () => {
    const extent = (max: number) =>
      fc.record({ height: fc.integer({ min: 1, max }), width: fc.integer({ min: 1, max }) });
    const cases = fc.record({
      kernel: extent(5),
      stride: extent(3),
      dilation: extent(2),
      padding,
      groups: fc.integer({ min: 1, max: 3 }),
      depth: fc.integer({ min: 1, max: 9 }),
      outputs: vectors,
      room: fc.record({ height: fc.nat({ max: 9 }), width: fc.nat({ max: 9 }) }),
      images: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(
        cases,
        ({ kernel, stride, dilation, groups, depth, outputs, room, images, seed, ...rest }) => {
          const isApart = stride.height > 1 || stride.width > 1;
          const options = {
            ...rest,
            kernel,
            stride,
            groups,
            // tfjs refuses both together.
            dilation: isApart ? square(1) : dilation,
            inputs: groups * depth,
            outputs: groups * 4 * outputs,
          };
          const convolution = randomConvolution(seededNumbers(seed), options);
          const size = {
            height: (kernel.height - 1) * dilation.height + 1 + room.height,
            width: (kernel.width - 1) * dilation.width + 1 + room.width,
          };
          check([{ convolution, form: 'direct' }], size, images);
        },
      ),
      { numRuns: 120, seed: 1 },
    );
  });

  test('1×1 convolutions of images of any size', () => {
    const extent = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(extent, extent, fc.integer({ min: 1, max: 5 }), (height, width, images) => {
        const convolution = randomConvolution(seededNumbers(3), {
          kernel: square(1),
          inputs: 5,
          outputs: 12,
        });
        check([{ convolution, form: 'direct' }], { height, width }, images);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test('both factors of a layer at any rank, of either kind, strided or not', () => {
    const cases = fc.record({
      kind: fc.constantFrom('spatial', 'channel'),
      size: fc.constantFrom(1, 3, 5),
      stride: fc.constantFrom(1, 2),
      rank: fc.integer({ min: 1, max: 21 }),
      inputs: fc.integer({ min: 1, max: 24 }),
      outputs: vectors,
      padding,
      height: fc.integer({ min: 5, max: 12 }),
      width: fc.integer({ min: 5, max: 12 }),
      images: fc.integer({ min: 1, max: 6 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(
        cases,
        ({ kind, size, stride, rank, inputs, outputs, height, width, images, seed, ...rest }) => {
          const { top, bottom, left, right } = rest.padding;
          const numbers = seededNumbers(seed);
          const isSpatial = kind === 'spatial';
          const first = randomConvolution(numbers, {
            kernel: { height: size, width: isSpatial ? 1 : size },
            stride: { height: stride, width: isSpatial ? 1 : stride },
            padding: isSpatial ? { top, bottom, left: 0, right: 0 } : rest.padding,
            inputs,
            outputs: rank,
            bias: false,
          });
          const second = randomConvolution(numbers, {
            kernel: { height: 1, width: isSpatial ? size : 1 },
            stride: { height: 1, width: isSpatial ? stride : 1 },
            padding: isSpatial ? { top: 0, bottom: 0, left, right } : evenPadding(0),
            inputs: rank,
            outputs: 4 * outputs,
          });
          const between = slidingOutput(first, [height, width]);
          const widths = [between.width, slidingOutput(second, [between.height, between.width]).width];
          const pair = pairOf(first, second, [height, width, inputs]);
          // Lines of one pixel are the general kernels'.
          expect(pair !== null || widths.includes(1)).toBe(true);
          if (pair) check(pair, { height, width }, images);
        },
      ),
      { numRuns: 150, seed: 1 },
    );
  });

  const shape = { kernel: square(3), inputs: 12, outputs: 20, padding: evenPadding(1) };
  const layer: Layer = { convolution: randomConvolution(seededNumbers(1), shape), form: 'square' };
  const factors: readonly Layer[] = [
    {
      convolution: randomConvolution(seededNumbers(2), {
        ...{ kernel: kernels.vertical, inputs: 12, outputs: 10 },
        padding: { top: 1, bottom: 1, left: 0, right: 0 },
      }),
      form: 'vertical',
    },
    {
      convolution: randomConvolution(seededNumbers(3), {
        ...{ kernel: kernels.horizontal, inputs: 10, outputs: 20 },
        padding: { top: 0, bottom: 0, left: 1, right: 1 },
      }),
      form: 'horizontal',
    },
  ];

  test.each([
    ['a layer', [layer]],
    ['two factors', factors],
  ])('an image’s numbers do not depend on the images beside it: %s', (_, layers) => {
    const size = { height: 10, width: 7 };
    const all = convolved(layers, size, 9);
    for (const images of [1, 2, 5, 8]) {
      const fewer = convolved(layers, size, images);
      expect(fewer).toEqual(all.subarray(0, fewer.length));
    }
  });

  test('ranks that need equal room share their code', () => {
    const programsAt = (rank: number) => {
      const [first, second] = [
        randomConvolution(seededNumbers(2), { kernel: kernels.vertical, inputs: 12, outputs: rank }),
        randomConvolution(seededNumbers(3), { kernel: kernels.horizontal, inputs: rank, outputs: 20 }),
      ];
      const size = { height: 10, width: 10 };
      const { stages } = planOf(currentHeap()!, pairOf(first, second, null)!, size, false, bare);
      return stages.map(({ program }) => program);
    };
    const shared = programsAt(17);
    for (const rank of [18, 23, 24]) {
      programsAt(rank).forEach((program, index) => expect(program).toBe(shared[index]));
    }
    programsAt(25).forEach((program, index) => expect(program).not.toBe(shared[index]));
  });

  test('images of another size or of other channels are refused', () => {
    const convolve = compileConvolution([layer], { height: 6, width: 6 }, bare);
    tf.tidy(() => {
      const tensors = [{ weights: tf.ones([36 * 12 * 20]), bias: tf.zeros([20]) }];
      expect(convolve(tf.ones([1, 6, 6, 12]), tensors, null).shape).toEqual([1, 6, 6, 20]);
      for (const shape of [
        [1, 6, 6, 8],
        [1, 6, 5, 12],
        [6, 6, 12],
      ]) {
        expect(() => convolve(tf.ones(shape), tensors, null)).toThrow('expected images of 6×6×12');
      }
    });
  });

  test('work that has no room is refused', () => {
    // Of lines so long, working memory for no images at all is nearly all that WebAssembly can address.
    const options = { kernel: square(3), inputs: 4, outputs: 4, padding: evenPadding(1) };
    const wide: Layer = { convolution: randomConvolution(seededNumbers(1), options), form: 'direct' };
    const size = { height: 4, width: 2 ** 25 - 2048 };
    const convolve = compileConvolution([wide], size, bare);
    tf.tidy(() => {
      const tensors = [{ weights: tf.ones([9 * 4 * 4]), bias: tf.zeros([4]) }];
      expect(() => convolve(tf.zeros([0, size.height, size.width, 4]), tensors, null)).toThrow(
        'WebAssembly has no memory left for this step; use fewer images at a time.',
      );
    });
  });

  test('sizes take turns without disturbing each other, nor leave anything behind', () => {
    const size = { height: 10, width: 7 };
    const [before, tensors] = [convolved([layer], size, 3), tf.memory().numTensors];
    const bytes = tf.memory().numBytes;
    convolved(factors, { height: 4, width: 4 }, 5);
    convolved([layer], { height: 33, width: 20 }, 2);
    expect(convolved([layer], size, 3)).toEqual(before);
    expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual([tensors, bytes]);
  });
});

describe('the way to compute a convolution', () => {
  const numbers = seededNumbers(4);
  const layer = (height: number, width: number, options: object = {}) =>
    randomConvolution(numbers, {
      ...{ kernel: { height, width }, inputs: 16, outputs: 16 },
      padding: { top: height >> 1, bottom: height >> 1, left: width >> 1, right: width >> 1 },
      ...options,
    });

  test('is Winograd’s where its tiles take fewer products, else by definition', async () => {
    await startNodeBackend('wasm');
    const at = (extent: number, convolution: Conv2d) => formOf(convolution, [extent, extent, 16]);
    const [square3, down, across] = [layer(3, 3), layer(3, 1), layer(1, 3)];
    expect([3, 7, 32].map((extent) => at(extent, square3))).toEqual(['square', 'square', 'square']);
    expect([1, 2].map((extent) => at(extent, square3))).toEqual([null, 'direct']);
    expect(at(1, layer(1, 1))).toBe('direct');
    expect([2, 3, 9].map((extent) => at(extent, down))).toEqual(['direct', 'vertical', 'vertical']);
    expect([2, 3, 9].map((extent) => at(extent, across))).toEqual(['direct', 'horizontal', 'horizontal']);
    expect(formOf(down, null)).toBe('vertical');
    for (const other of [layer(5, 5), layer(1, 7), layer(1, 1), layer(3, 3, { stride: square(2) })]) {
      expect(at(9, other)).toBe('direct');
    }
  });

  test('is tfjs’s where channels fill no vectors or pixels no blocks, of depthwise ones, and on other backends', async () => {
    await startNodeBackend('wasm');
    const [uneven, depthwise] = [layer(3, 3, { outputs: 10 }), layer(3, 3, { groups: 16 })];
    expect(formOf(uneven, null)).toBeNull();
    expect(formOf(depthwise, null)).toBeNull();
    expect(pairOf(layer(3, 1), uneven, null)).toBeNull();
    await startNodeBackend('cpu');
    expect(canConvolve()).toBe(false);
    expect(formOf(layer(3, 3), null)).toBeNull();
    expect(pairOf(layer(3, 1), layer(1, 3), null)).toBeNull();
  });
});
