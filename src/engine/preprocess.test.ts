import { describe, expect, test } from 'vitest';
import type { ImageSet, Preprocessing } from '../network/images';
import { assertImagesFit, preprocess } from './preprocess';

const colour: ImageSet = {
  name: 'two colours',
  count: 2,
  height: 1,
  width: 2,
  channels: 3,
  pixels: Uint8Array.of(10, 20, 30, 40, 50, 60, 255, 0, 128, 1, 2, 3),
  labels: null,
  classNames: null,
};
const grey: ImageSet = { ...colour, name: 'grey', channels: 1, pixels: Uint8Array.of(10, 20, 30, 40) };
const plain = (channels: Preprocessing['channels']): Preprocessing => ({ channels, mean: [0], scale: [1] });
const run = (images: ImageSet, preprocessing: Preprocessing, indices = [0]) => [
  ...preprocess(images, Uint32Array.from(indices), preprocessing),
];

describe('preprocessing', () => {
  test('subtracts the mean and multiplies by the scale of each channel', () => {
    const preprocessing: Preprocessing = { channels: 'rgb', mean: [10, 0, 5], scale: [1, 0.5, 2] };
    expect(run(colour, preprocessing)).toEqual([0, 10, 50, 30, 25, 110]);
  });

  test('orders means and scales like the channels of the network', () => {
    const preprocessing: Preprocessing = { channels: 'bgr', mean: [30, 20, 10], scale: [1, 10, 100] };
    expect(run(colour, preprocessing)).toEqual([0, 0, 0, 30, 300, 3000]);
  });

  test('makes grey by Rec. 601 luma without rounding', () => {
    const [first, second] = run(colour, plain('grey'));
    expect(first).toBeCloseTo(0.299 * 10 + 0.587 * 20 + 0.114 * 30, 5);
    expect(second).toBeCloseTo(0.299 * 40 + 0.587 * 50 + 0.114 * 60, 5);
  });

  test('repeats grey in colour', () => {
    expect(run(grey, plain('rgb'))).toEqual([10, 10, 10, 20, 20, 20]);
    expect(run(grey, plain('grey'), [1])).toEqual([30, 40]);
  });

  test('takes images in the order asked for and fills up with zeros', () => {
    expect(run(grey, plain('grey'), [1, 0, 1])).toEqual([30, 40, 10, 20, 30, 40]);
    expect([...preprocess(grey, Uint32Array.of(1), plain('grey'), 2)]).toEqual([30, 40, 0, 0]);
  });

  test('refuses an image that the set lacks', () => {
    expect(() => run(grey, plain('grey'), [2])).toThrow(
      'Expected an image of "grey", which has 2, found number 2; open the images again.',
    );
  });

  test('compares the images with what the network reads', () => {
    expect(() => assertImagesFit([1, 2, 3], colour, plain('rgb'))).not.toThrow();
    expect(() => assertImagesFit([1, 2, 3], grey, plain('rgb'))).not.toThrow();
    expect(() => assertImagesFit([1, 2, 3], colour, plain('grey'))).toThrow(
      'The network reads 1×2×3 (height×width×channels), but "two colours" with grey channels gives 1×2×1; open images of that size.',
    );
    expect(() => assertImagesFit([2, 2, 3], colour, plain('rgb'))).toThrow('2×2×3');
    expect(() => assertImagesFit([6], colour, plain('rgb'))).toThrow('reads 1×6×1');
    expect(() => assertImagesFit([1, 2], grey, plain('grey'))).not.toThrow();
    expect(() => assertImagesFit([2], grey, plain('grey'))).not.toThrow();
    expect(() => assertImagesFit([1, 1, 2, 1], grey, plain('grey'))).toThrow('reads 1×1×2×1');
  });

  test('refuses a wrong number of means or something that is no number', () => {
    expect(() => run(colour, { channels: 'rgb', mean: [1, 2], scale: [1] })).toThrow(
      'Expected 1 or 3 values as mean of the images, found 2; give as many.',
    );
    expect(() => run(colour, { channels: 'rgb', mean: [NaN], scale: [1] })).toThrow(
      'Expected numbers as mean of the images, found NaN; give one, or one per channel.',
    );
  });
});
