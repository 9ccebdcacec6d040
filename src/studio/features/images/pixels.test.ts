import { expect, it } from 'vitest';
import { rgbaOf } from './pixels';

it('takes one colour image of several', () => {
  const pixels = Uint8Array.of(9, 9, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6);
  expect([...rgbaOf(pixels, 1, { height: 1, width: 2, channels: 3 })]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
});

it('repeats the brightness of grey images', () => {
  expect([...rgbaOf(Uint8Array.of(7, 8), 1, { height: 1, width: 1, channels: 1 })]).toEqual([8, 8, 8, 255]);
});
