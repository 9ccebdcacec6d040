import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ImagesSummary } from '../../workers/protocol/summaries';
import { drawnIndices, type DrawnImages } from '../compression/draw';
import { defaultSizes, heldSizes, imageParts } from './images';
import type { SplitSizes } from './settingTexts';
import { initialProject, type ProjectState } from './state';
import { withSettings } from './transitions';

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

const stateOf = (
  images: ImagesSummary,
  tuning: ImagesSummary | null,
  seed: number,
  split: SplitSizes | null,
): ProjectState => ({ ...withSettings(initialProject, { seed, split }), images, tuning });

it('shares the images out without overlap, the same for the same seed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 0, max: 4000 }),
      (count, seed, wanted) => {
        const sizes = wanted > 3500 ? null : { calibration: wanted, selection: wanted };
        const parts = imageParts(stateOf(setOf('a', count), null, seed, sizes))!;
        const all = [...parts.calibration.indices, ...parts.selection.indices, ...parts.report.indices];
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
        expect(parts.report.indices.length).toBeGreaterThan(0);
        expect([...parts.selection.labels!]).toEqual([...parts.selection.indices].map((index) => index % 3));
        expect(imageParts(stateOf(setOf('a', count), null, seed, sizes))).toEqual(parts);
        for (const { drawn, indices } of [parts.calibration, parts.selection, parts.report])
          expect(drawnIndices(drawn.draw, count)).toEqual(indices);
      },
    ),
  );
});

it('takes calibration and selection from a set of their own, and reports on all of the other', () => {
  const parts = imageParts(stateOf(setOf('report', 100), setOf('tuning', 2000), 1, null))!;
  expect([parts.calibration.images, parts.selection.images, parts.report.images]).toEqual([
    'tuning',
    'tuning',
    'report',
  ]);
  expect([parts.calibration, parts.selection, parts.report].map(({ indices }) => indices.length)).toEqual([
    500, 256, 100,
  ]);
});

it('reports on no more images than asked for, of those that serve for nothing else', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 500 }),
      fc.boolean(),
      (count, most, own) => {
        const tuning = own ? setOf('tuning', 64) : null;
        const all = imageParts(stateOf(setOf('a', count), tuning, 3, { calibration: 20, selection: 9 }))!;
        const sizes = { calibration: 20, selection: 9, report: most };
        const parts = imageParts(stateOf(setOf('a', count), tuning, 3, sizes))!;
        expect(parts.report.indices).toHaveLength(Math.min(most, all.report.indices.length));
        const rest = new Set(all.report.indices);
        expect(parts.report.indices.every((index) => rest.has(index))).toBe(true);
        expect(parts.selection.indices).toEqual(all.selection.indices);
      },
    ),
  );
});

it('splits nothing off a handful of images', () => {
  expect(defaultSizes(31, false)).toEqual({ calibration: 0, selection: 0 });
  expect(defaultSizes(1000, false)).toEqual({ calibration: 250, selection: 250 });
  expect(heldSizes(10, { calibration: 99, selection: 99 })).toEqual({ calibration: 9, selection: 0 });
  const parts = imageParts(stateOf(setOf('a', 4), null, 0, null))!;
  expect([...parts.report.indices]).toEqual([0, 1, 2, 3]);
});

it('goes by what the document says of single uses before the split', () => {
  const state = stateOf(setOf('report', 100), setOf('tuning', 50), 0, null);
  const preprocessing = { channels: 'grey', mean: [0], scale: [1] } as const;
  const drawn: DrawnImages = { images: 'report', draw: { kind: 'run', from: 3, count: 4 }, preprocessing };
  const said = { ...state, document: { ...state.document, uses: { calibration: drawn } } };
  const parts = imageParts(said)!;
  expect(parts.calibration.drawn).toBe(drawn);
  expect([...parts.calibration.indices]).toEqual([3, 4, 5, 6]);
  expect([...parts.calibration.labels!]).toEqual([0, 1, 2, 0]);
  expect(parts.selection).toEqual(imageParts(state)!.selection);
});
