import { expect, it } from 'vitest';
import { inputChannels, inputImage } from './inputImage';

it.each([
  [[32, 24, 3], { height: 32, width: 24, channels: 3 }],
  [[28, 28], { height: 28, width: 28, channels: 1 }],
  [[128, 9], { height: 128, width: 9, channels: 1 }],
  [[784], { height: 28, width: 28, channels: 1 }],
  [[1], { height: 1, width: 1, channels: 1 }],
  [[561], { height: 1, width: 561, channels: 1 }],
  [[4, 8, 8, 3], null],
])('%j is read as %j', (shape, image) => {
  expect(inputImage(shape)).toEqual(image);
  expect(inputChannels(shape)).toBe(image?.channels ?? 3);
});
