import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitImages } from './split';

describe('splitImages', () => {
  it('uses every image exactly once, the same way for the same seed', () => {
    const sizes = fc.record({
      calibration: fc.nat(50),
      selection: fc.nat(50),
      report: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(sizes, fc.nat(1000), ({ calibration, selection, report }, seed) => {
        const count = calibration + selection + report;
        const split = splitImages(count, seed, { calibration, selection });
        const all = [...split.calibration, ...split.selection, ...split.report].sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, index) => index));
        expect([split.calibration.length, split.selection.length]).toEqual([calibration, selection]);
        expect(splitImages(count, seed, { calibration, selection })).toEqual(split);
      }),
    );
  });

  it('refuses to leave no image for the report', () => {
    expect(() => splitImages(10, 0, { calibration: 5, selection: 5 })).toThrow(/expected fewer than 10/);
  });
});
