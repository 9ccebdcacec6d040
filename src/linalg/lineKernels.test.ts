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
  (lines) => lines.fourRows(100, 30, 14, 0, 40, 80),
  (lines) => lines.fourRows(100, 31, 1, 3, 41, 80),
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
  const [row, stride, x, y] = [100, 30, 0, 40];
  lines.fourRows(row, stride, 6, x, y, 80);
  for (let r = 0; r < 4; r++) {
    let sum = 0;
    for (let j = 0; j < 12; j++) sum += before[row + r * stride + j]! * before[x + j]!;
    expect(lines.values[80 + 2 * r]! + lines.values[81 + 2 * r]!).toBeCloseTo(sum, 12);
  }
  for (let j = 0; j < 12; j++) {
    const added = [0, 1, 2, 3].map((r) => before[row + r * stride + j]! * before[x + 12 + r]!);
    expect(lines.values[y + j]).toBeCloseTo(
      added.reduce((a, b) => a + b, before[y + j]!),
      12,
    );
  }
});
