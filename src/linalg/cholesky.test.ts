import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choleskyFactor, choleskySolve, type CholeskyFactor } from './cholesky';
import { normalMatrix, plainProduct, relativeDifference } from './testMatrices';
import { transpose } from './matrix';

/** b·bᵀ + size·I. */
function positiveDefinite(size: number, seed: number): Float64Array {
  const b = normalMatrix(size, size, seed);
  const a = plainProduct(b, transpose(b, size, size), size, size, size);
  for (let i = 0; i < size; i++) a[i * size + i]! += size;
  return a;
}

function factorOf(a: Float64Array, size: number): CholeskyFactor {
  const factor = choleskyFactor(a, size);
  if (factor.kind !== 'factor') throw new Error(`not positive definite at ${factor.index}`);
  return factor;
}

const sizes = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 30 }) },
  fc.constantFrom(48, 49, 97, 130),
);

describe('choleskyFactor', () => {
  it('gives a lower triangle whose product with its transpose is the matrix', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1e6), (size, seed) => {
        const a = positiveDefinite(size, seed);
        const { lower } = factorOf(a, size);
        lower.forEach((value, index) => {
          if (index % size > Math.floor(index / size)) expect(value).toBe(0);
        });
        const product = plainProduct(lower, transpose(lower, size, size), size, size, size);
        expect(relativeDifference(product, a)).toBeLessThanOrEqual(1e-14);
      }),
      { numRuns: 60 },
    );
  });

  it('factors a matrix worked by hand', () => {
    const { lower } = factorOf(new Float64Array([4, 0, 0, 12, 37, 0, -16, -43, 98]), 3);
    expect([...lower]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3]);
  });

  it('says where a matrix stops being positive definite', () => {
    expect(choleskyFactor(new Float64Array([1, 2, 2, 1]), 2)).toEqual({
      kind: 'not-positive-definite',
      index: 1,
      pivot: -3,
    });
    expect(choleskyFactor(new Float64Array([0]), 1).kind).toBe('not-positive-definite');
    expect(choleskyFactor(new Float64Array([-1]), 1)).toMatchObject({ index: 0, pivot: -1 });
    const a = positiveDefinite(100, 1);
    a[70 * 100 + 70] = -5;
    expect(choleskyFactor(a, 100)).toMatchObject({ kind: 'not-positive-definite', index: 70 });
  });

  it('takes a singular matrix for what it is', () => {
    const rankOne = plainProduct(normalMatrix(60, 1, 2), normalMatrix(60, 1, 2), 60, 1, 60);
    expect(choleskyFactor(rankOne, 60)).toMatchObject({ kind: 'not-positive-definite', index: 1 });
  });

  it('names what is wrong with its input', () => {
    expect(() => choleskyFactor(new Float64Array(3), 2)).toThrow('expected a 2×2 matrix, got 3 values');
    expect(() => choleskyFactor(new Float64Array([1, 0, Number.NaN, 1]), 2)).toThrow('got NaN at (1, 0)');
  });
});

describe('choleskySolve', () => {
  it('solves for several right-hand sides at once', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 9 }), fc.nat(1e6), (size, columns, seed) => {
        const a = positiveDefinite(size, seed);
        const wanted = normalMatrix(size, columns, seed + 1);
        const rightSides = plainProduct(a, wanted, size, size, columns);
        const before = rightSides.slice();
        const found = choleskySolve(factorOf(a, size), rightSides, columns);
        expect(rightSides).toEqual(before);
        expect(relativeDifference(found, wanted)).toBeLessThanOrEqual(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it('names right-hand sides that do not fit', () => {
    const factor = factorOf(new Float64Array([1]), 1);
    expect(() => choleskySolve(factor, new Float64Array(3), 2)).toThrow(
      'expected 1×2 right-hand sides, got 3',
    );
  });
});
