import { expect, it } from 'vitest';
import { scriptLines, vectorLines, type LineKernels } from './lineKernels';
import { createRandom } from './random';

function filled(lines: LineKernels | null): LineKernels {
  // Node has vectors; without them this test would compare nothing.
  if (!lines) throw new Error('expected WebAssembly with vectors');
  const { normal } = createRandom(5);
  lines.values.forEach((_, index) => (lines.values[index] = normal()));
  return lines;
}

const steps: readonly ((lines: LineKernels) => void)[] = [
  (lines) => lines.symmetric(100, 13, 3, 0, 40),
  (lines) => lines.symmetric(101, 4, 1, 3, 41),
  (lines) => lines.twoDots(1, 50, 101, 20, 300),
  (lines) => lines.twoDots(0, 50, 100, 1, 300),
  (lines) => lines.subtractTwo(7, 60, 121, 25, 301),
  (lines) => lines.subtractTwo(8, 60, 120, 1, 300),
];

it('answer the same to the last bit with vectors and without', () => {
  for (const step of steps) {
    const [expected, found] = [filled(scriptLines(320)), filled(vectorLines(320))];
    const before = expected.values.slice();
    step(expected);
    step(found);
    expect(expected.values).not.toEqual(before);
    expect(found.values).toEqual(expected.values);
  }
});

it('are what their definition says', () => {
  const lines = filled(vectorLines(320));
  const before = Array.from(lines.values);
  const [matrix, stride, x, y, size] = [100, 13, 0, 40, 12];
  lines.symmetric(matrix, stride, size / 4, x, y);
  for (let i = 0; i < size; i++) {
    let sum = before[y + i]!;
    for (let j = 0; j < size; j++)
      sum += before[matrix + Math.max(i, j) * stride + Math.min(i, j)]! * before[x + j]!;
    expect(lines.values[y + i]).toBeCloseTo(sum, 12);
  }
});
