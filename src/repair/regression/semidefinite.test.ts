import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { multiply } from '../../linalg/matrix';
import { createRandom } from '../../linalg/random';
import { semidefiniteSolver } from './semidefinite';

/** Σ of outer products of random vectors, size × size. */
function gram(size: number, vectors: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const rows = Float64Array.from({ length: vectors * size }, () => random.normal());
  const columns = Float64Array.from(
    rows,
    (_, index) => rows[(index % vectors) * size + Math.floor(index / vectors)]!,
  );
  return multiply(columns, rows, size, vectors, size);
}

it('solves what can be solved, also where the matrix is singular', () => {
  for (const vectors of [12, 7]) {
    const a = gram(7, vectors, 5);
    const wanted = Float64Array.from({ length: 14 }, (_, index) => index - 6);
    const right = multiply(a, wanted, 7, 7, 2);
    const found = multiply(a, semidefiniteSolver(a, 7).solve(right, 2), 7, 7, 2);
    found.forEach((value, index) => expect(value).toBeCloseTo(right[index]!, 6));
  }
  const singular = gram(7, 3, 9);
  const right = multiply(
    singular,
    Float64Array.from({ length: 7 }, (_, i) => i),
    7,
    7,
    1,
  );
  const found = multiply(singular, semidefiniteSolver(singular, 7).solve(right, 1), 7, 7, 1);
  found.forEach((value, index) => expect(value).toBeCloseTo(right[index]!, 6));
});

it('lets a variable be of which rounding has left noise, and goes downhill in the others', () => {
  const size = 6;
  const a = gram(size, 20, 3);
  // Of the last one the variance is nearly nothing, and the covariances do not belong to it.
  for (let i = 0; i < size; i++) {
    const noise = i === size - 1 ? 1e-16 : 1e-5 * (i - 2);
    a[i * size + size - 1] = noise;
    a[(size - 1) * size + i] = noise;
  }
  const right = Float64Array.from([1, -2, 3, 0.5, -1, 0]);
  const step = semidefiniteSolver(a, size).solve(right, 1);
  expect(step.every(Number.isFinite)).toBe(true);
  const image = multiply(a, step, size, size, 1);
  const change = step.reduce((sum, value, i) => sum + value * (image[i]! - 2 * right[i]!), 0);
  expect(change).toBeLessThan(0);
});

it('answers finite numbers for any symmetric matrix of finite ones', () => {
  const entry = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const size = 5;
  fc.assert(
    fc.property(fc.array(entry, { minLength: size * size, maxLength: size * size }), (entries) => {
      const a = Float64Array.from(entries, (_, index) => {
        const [i, j] = [Math.floor(index / size), index % size];
        return i === j ? Math.abs(entries[index]!) : entries[Math.max(i, j) * size + Math.min(i, j)]!;
      });
      const solved = semidefiniteSolver(a, size).solve(new Float64Array(size).fill(1), 1);
      expect(solved.every(Number.isFinite)).toBe(true);
    }),
  );
});
