import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mirrorLower, multiply, multiplyTransposed, transpose, transposedMultiply } from './matrix';
import { addProduct } from './product';
import { normalMatrix, plainProduct, relativeDifference } from './testMatrices';
import { blockView, transposeView, viewOf } from './view';

const side = fc.integer({ min: 1, max: 40 });
const shape = fc.record({ rows: side, inner: side, columns: side, seed: fc.nat(1e6) });

describe('products', () => {
  it('equal the triple loop for any shape and transposition', () => {
    fc.assert(
      fc.property(shape, ({ rows, inner, columns, seed }) => {
        const left = normalMatrix(rows, inner, seed);
        const right = normalMatrix(inner, columns, seed + 1);
        const expected = plainProduct(left, right, rows, inner, columns);
        const leftTransposed = transpose(left, rows, inner);
        const rightTransposed = transpose(right, inner, columns);
        for (const result of [
          multiply(left, right, rows, inner, columns),
          multiplyTransposed(left, rightTransposed, rows, inner, columns),
          transposedMultiply(leftTransposed, right, rows, inner, columns),
        ]) {
          expect(result).toHaveLength(rows * columns);
          expect(relativeDifference(result, expected)).toBeLessThanOrEqual(1e-14);
        }
      }),
    );
  });

  it('equal the triple loop across the internal blocks', () => {
    const left = normalMatrix(70, 515, 1);
    const right = normalMatrix(515, 261, 2);
    const expected = plainProduct(left, right, 70, 515, 261);
    expect(relativeDifference(multiply(left, right, 70, 515, 261), expected)).toBeLessThanOrEqual(1e-14);
  });

  it('equal it to single precision where no more is asked for, whatever the sides and strides', () => {
    const compare = (rows: number, inner: number, columns: number, seed: number) => {
      const left = normalMatrix(rows, inner, seed);
      const right = normalMatrix(columns, inner, seed + 1);
      const start = normalMatrix(rows, columns, seed + 2);
      const both = (['double', 'single'] as const).map((precision) => {
        const result = start.slice();
        const rightView = transposeView(viewOf(right, columns, inner));
        addProduct(
          viewOf(result, rows, columns),
          -2,
          viewOf(left, rows, inner),
          rightView,
          'full',
          precision,
        );
        return result;
      });
      return relativeDifference(both[1]!, both[0]!);
    };
    fc.assert(
      fc.property(shape, ({ rows, inner, columns, seed }) => {
        expect(compare(rows, inner, columns, seed)).toBeLessThanOrEqual(1e-6);
      }),
    );
    const large = compare(70, 515, 261, 1);
    expect(large).toBeLessThanOrEqual(1e-6);
    // Node has vectors; without them this test would compare nothing.
    expect(large).toBeGreaterThan(1e-12);
  });

  it('name shapes that do not fit', () => {
    const a = new Float64Array(6);
    expect(() => transpose(a, 2, 2)).toThrow('transpose: expected 2×2 = 4 values, got 6');
    expect(() => multiply(a, a, 2, 2, 3)).toThrow('viewOf: expected 2×2 = 4 values, got 6');
    expect(() => addProduct(viewOf(a, 2, 3), 1, viewOf(a, 2, 3), viewOf(a, 2, 3))).toThrow(
      'addProduct: expected matching shapes, got 2×3 times 2×3 into 2×3',
    );
    expect(() => blockView(viewOf(a, 2, 3), 1, 0, 2, 1)).toThrow(
      'blockView: expected a block inside 2×3, got 2×1 at (1, 0)',
    );
  });
});

/** result += factor · a · aᵀ, as the moments do it: the lower triangle alone, then the other. */
function addSymmetricProduct(result: Float64Array, a: Float64Array, size: number, inner: number, factor = 1) {
  const rows = viewOf(a, size, inner);
  addProduct(viewOf(result, size, size), factor, rows, transposeView(rows), 'lower');
  mirrorLower(result, size);
}

describe('the lower triangle of a symmetric product, mirrored', () => {
  it('adds factor · a · aᵀ to both triangles', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: -3, max: 3, noNaN: true }), ({ rows, inner, seed }, factor) => {
        const a = normalMatrix(rows, inner, seed);
        const start = plainProduct(a, transpose(a, rows, inner), rows, inner, rows);
        const result = start.slice();
        addSymmetricProduct(result, a, rows, inner, factor);
        const expected = start.map((value) => value + factor * value);
        const scale = Math.max(...start.map(Math.abs));
        result.forEach((value, i) =>
          expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-13 * scale),
        );
        expect(transpose(result, rows, rows)).toEqual(result);
      }),
    );
  });

  it('works across the internal blocks', () => {
    const a = normalMatrix(300, 270, 3);
    const result = new Float64Array(300 * 300);
    addSymmetricProduct(result, a, 300, 270);
    const expected = plainProduct(a, transpose(a, 300, 270), 300, 270, 300);
    expect(relativeDifference(result, expected)).toBeLessThanOrEqual(1e-14);
  });
});

describe('addProduct', () => {
  it("leaves everything outside the result's block alone", () => {
    const data = new Float64Array(100).fill(7);
    const block = blockView(viewOf(data, 10, 10), 2, 3, 5, 6);
    const left = normalMatrix(5, 4, 1);
    const right = normalMatrix(4, 6, 2);
    addProduct(block, -2, viewOf(left, 5, 4), viewOf(right, 4, 6));
    const product = plainProduct(left, right, 5, 4, 6);
    data.forEach((value, index) => {
      const i = Math.floor(index / 10) - 2;
      const j = (index % 10) - 3;
      const inside = i >= 0 && i < 5 && j >= 0 && j < 6;
      expect(value).toBeCloseTo(inside ? 7 - 2 * product[i * 6 + j]! : 7, 12);
    });
  });
});
