import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ImagesSummary } from '../../../workers/protocol/service';
import { defaultSizes, heldSizes, splitParts } from './parts';

const setOf = (fingerprint: string, count: number): ImagesSummary => ({
  fingerprint,
  name: fingerprint,
  count,
  height: 2,
  width: 2,
  channels: 1,
  labels: Int32Array.from({ length: count }, (_, index) => index % 3),
  classNames: null,
});

it('shares the images out without overlap, the same for the same seed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 0, max: 4000 }),
      (count, seed, wanted) => {
        const images = setOf('a', count);
        const sizes = wanted > 3500 ? null : { calibration: wanted, selection: wanted };
        const parts = splitParts(images, null, seed, sizes);
        const all = [...parts.calibration.indices, ...parts.selection.indices, ...parts.report.indices];
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
        expect(parts.report.indices.length).toBeGreaterThan(0);
        expect([...parts.selection.labels!]).toEqual([...parts.selection.indices].map((index) => index % 3));
        expect(splitParts(images, null, seed, sizes)).toEqual(parts);
      },
    ),
  );
});

it('takes calibration and selection from a set of their own, and reports on all of the other', () => {
  const parts = splitParts(setOf('report', 100), setOf('tuning', 2000), 1, null);
  expect([parts.calibration.images, parts.selection.images, parts.report.images]).toEqual([
    'tuning',
    'tuning',
    'report',
  ]);
  expect([parts.calibration, parts.selection, parts.report].map(({ indices }) => indices.length)).toEqual([
    500, 256, 100,
  ]);
});

it('splits nothing off a handful of images', () => {
  expect(defaultSizes(31, false)).toEqual({ calibration: 0, selection: 0 });
  expect(defaultSizes(1000, false)).toEqual({ calibration: 250, selection: 250 });
  expect(heldSizes(10, { calibration: 99, selection: 99 })).toEqual({ calibration: 9, selection: 0 });
});
