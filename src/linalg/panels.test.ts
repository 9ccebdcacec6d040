import { expect, it } from 'vitest';
import { leftPanels, multiplyInScript, rightPanels, tile, vectorised } from './panels';
import { createRandom } from './random';

it('answers the same to the last bit with vectors and without', () => {
  const multiply = vectorised();
  // Node has vectors; without them this test would compare nothing.
  expect(multiply).not.toBeNull();
  const { normal } = createRandom(3);
  leftPanels.forEach((_, index) => (leftPanels[index] = normal()));
  rightPanels.forEach((_, index) => (rightPanels[index] = normal()));
  for (const [left, right, depth] of [
    [0, 0, 1],
    [8, 512, 2],
    [1024, 128, 77],
    [7168, 64_512, 256],
  ] as const) {
    multiplyInScript(left, right, depth);
    const expected = tile.slice();
    tile.fill(NaN);
    multiply!(left, right, depth);
    expect(tile).toEqual(expected);
  }
});
