import { expect, it } from 'vitest';
import { doublePanels, scriptPanels, singlePanels } from './panels';
import { createRandom } from './random';
import { Workspace } from './workspace';

const places = [
  [0, 0, 1, 3],
  [8, 512, 2, 1],
  [1024, 128, 77, 64],
  [7168, 64_512, 256, 1],
] as const;

it('answers the same to the last bit with vectors and without', () => {
  const space = new Workspace(0);
  const [vectors, script] = [doublePanels(space), scriptPanels(space)];
  // Node has vectors; without them this test would compare nothing.
  expect(vectors.accumulate).not.toBeNull();
  const { normal } = createRandom(3);
  const { left, right, strip } = script;
  for (const { values } of [left, right]) values.forEach((_, index) => (values[index] = normal()));
  for (const [leftStart, rightStart, depth, tiles] of places) {
    strip.fill(NaN);
    script.multiply(leftStart, rightStart, depth, tiles);
    const expected = strip.slice();
    expect(expected.filter((value) => !Number.isNaN(value))).toHaveLength(16 * tiles);
    strip.fill(NaN);
    vectors.multiply(leftStart, rightStart, depth, tiles);
    expect(strip).toEqual(expected);
  }
});

it('adds to rows of the workspace what the strip would say, to the last bit, and touches nothing else', () => {
  const space = new Workspace(4000);
  const { normal } = createRandom(4);
  const rows = space.take(4000)!;
  for (const panels of [doublePanels(space), singlePanels(space)!]) {
    for (const { values } of [panels.left, panels.right])
      values.forEach((_, index) => (values[index] = normal()));
    for (const [leftStart, rightStart, depth, tiles] of places) {
      const width = Math.min(tiles, 32) * panels.right.group;
      rows.forEach((_, index) => (rows[index] = normal()));
      const expected = rows.slice();
      panels.multiply(leftStart, rightStart, depth, width / panels.right.group);
      const [place, stride] = [13, 301];
      for (let row = 0; row < 4; row++)
        for (let column = 0; column < width; column++)
          expected[place + row * stride + column]! += 0.7 * panels.strip[row * 256 + column]!;
      const product = [leftStart, rightStart, depth, width / panels.right.group] as const;
      panels.accumulate!(product, rows.byteOffset / 8 + place, stride, 0.7);
      expect(rows).toEqual(expected);
    }
  }
});
