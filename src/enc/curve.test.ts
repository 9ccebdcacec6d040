import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyCurve } from './curve';

describe('energyCurve', () => {
  it('follows its definition (s(r) − s(1)) / (s(r_max) − s(1))', () => {
    const { quality } = energyCurve('layer', [5, 3, 1, 1, 0.5], 4);
    expect(Array.from(quality)).toEqual([0, 3 / 5, 4 / 5, 1]);
  });

  it('starts at 0, ends at 1 and never falls', () => {
    const spectrum = fc.array(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(spectrum, (values) => {
        const descending = values.sort((a, b) => b - a);
        const { quality } = energyCurve('layer', descending, descending.length);
        expect(quality[0]).toBe(0);
        expect(quality.at(-1)).toBeCloseTo(1, 12);
        expect(quality.every((value, index) => index === 0 || value >= quality[index - 1]!)).toBe(true);
      }),
    );
  });

  it('calls a kernel of rank 1 whole at its first rank', () => {
    expect(Array.from(energyCurve('layer', [2, 0, 0], 3).quality)).toEqual([1, 1, 1]);
    expect(Array.from(energyCurve('layer', [2], 1).quality)).toEqual([1]);
  });
});
