import { expect, test } from 'vitest';
import { labelsOf } from './images';

test('labels follow the order of the images asked for', () => {
  const images = { name: 'four', count: 4, labels: Int32Array.of(5, 6, 7, 8) };
  expect([...labelsOf(images, Uint32Array.of(3, 0, 3))!]).toEqual([8, 5, 8]);
  expect(labelsOf({ ...images, labels: null }, Uint32Array.of(0))).toBeNull();
  expect(() => labelsOf(images, Uint32Array.of(4))).toThrow(
    'Expected an image of "four", which has 4, found number 4; open the images again.',
  );
});
