import { expect, it } from 'vitest';
import { addColumnMoments, hasColumnMoments, type ShiftedColumns } from './columnMoments';
import { createRandom } from './random';

it('sums products of shifted columns, whatever their number', () => {
  expect(hasColumnMoments()).toBe(true);
  const { normal } = createRandom(8);
  for (const [count, columns, outputs, withGram] of [
    [1, 1, 1, true],
    [300, 13, 5, true],
    [257, 16, 8, true],
    [600, 30, 17, false],
  ] as const) {
    const shift = (size: number) => new Float64Array(size).map(() => 3 * normal());
    const matrix = (size: number) => new Float32Array(count * size).map(() => 3 + normal());
    const left = { values: matrix(columns), columns, shift: shift(columns) };
    const right = { values: matrix(outputs), columns: outputs, shift: shift(outputs) };
    const gram = withGram ? new Float64Array(columns * columns).fill(7) : null;
    const cross = new Float64Array(columns * outputs).fill(2);
    addColumnMoments(count, left, right, { gram, cross });
    const at = ({ values, columns: width, shift: shifts }: ShiftedColumns, row: number, column: number) =>
      values[row * width + column]! - shifts[column]!;
    const expectSum = (found: number, start: number, i: number, other: ShiftedColumns, j: number) => {
      let sum = start;
      let magnitude = 1;
      for (let row = 0; row < count; row++) {
        const product = at(left, row, i) * at(other, row, j);
        sum += product;
        magnitude += Math.abs(product);
      }
      expect(Math.abs(found - sum)).toBeLessThan(1e-6 * magnitude);
    };
    for (let i = 0; i < columns; i++) {
      for (let j = 0; gram && j < columns; j++) {
        if (j <= i) expectSum(gram[i * columns + j]!, 7, i, left, j);
        else expect(gram[i * columns + j]).toBe(7);
      }
      for (let o = 0; o < outputs; o++) expectSum(cross[i * outputs + o]!, 2, i, right, o);
    }
  }
});
