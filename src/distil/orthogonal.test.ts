import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../linalg/random';
import { thinSvd } from '../linalg/svd';
import { orthogonalised } from './orthogonal';

test('has the singular vectors of the matrix, and values about 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: -30, max: 30 }),
      fc.nat(99),
      (rows, columns, size, seed) => {
        const { normal } = createRandom(seed + 1);
        const matrix = Float64Array.from({ length: rows * columns }, () => normal() * 2 ** size);
        const found = orthogonalised(matrix, rows, columns);
        const { u, v, singularValues, rank } = thinSvd(matrix, rows, columns);
        for (let p = 0; p < rank; p++) {
          if (singularValues[p]! < 0.02 * Math.hypot(...singularValues)) continue;
          for (let q = 0; q < rank; q++) {
            let entry = 0;
            for (let i = 0; i < rows; i++)
              for (let j = 0; j < columns; j++)
                entry += u[i * rank + p]! * found[i * columns + j]! * v[j * rank + q]!;
            if (p !== q) expect(entry).toBeCloseTo(0, 8);
            else expect(entry).toBeGreaterThan(0.65);
            expect(entry).toBeLessThan(1.25);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('of zeros is zeros', () => {
  expect(orthogonalised(new Float64Array(6), 2, 3)).toEqual(new Float64Array(6));
});
