import { expect, it } from 'vitest';
import { leftPanels, multiplyInScript, rightPanels, strip, vectorised } from './panels';
import { createRandom } from './random';

it('answers the same to the last bit with vectors and without', () => {
  const multiply = vectorised();
  // Node has vectors; without them this test would compare nothing.
  expect(multiply).not.toBeNull();
  const { normal } = createRandom(3);
  leftPanels.forEach((_, index) => (leftPanels[index] = normal()));
  rightPanels.forEach((_, index) => (rightPanels[index] = normal()));
  for (const [left, right, depth, tiles] of [
    [0, 0, 1, 3],
    [8, 512, 2, 1],
    [1024, 128, 77, 64],
    [7168, 64_512, 256, 1],
  ] as const) {
    strip.fill(NaN);
    multiplyInScript(left, right, depth, tiles);
    const expected = strip.slice();
    expect(expected.filter((value) => !Number.isNaN(value))).toHaveLength(16 * tiles);
    strip.fill(NaN);
    multiply!(left, right, depth, tiles);
    expect(strip).toEqual(expected);
  }
});
