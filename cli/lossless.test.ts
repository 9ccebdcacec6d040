import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { encHere } from './testing';

interface Found {
  readonly target: number;
  readonly achieved: number;
  readonly trials: readonly {
    readonly target: number;
    readonly images: number;
    readonly isLossless: boolean;
  }[];
  readonly before: { readonly top1: number };
  readonly after: { readonly top1: number; readonly images: number };
  readonly confirmed: { readonly onlyOriginal: number; readonly onlyPlan: number; readonly images: number };
}

const folder = mkdtempSync(join(tmpdir(), 'enc-lossless-'));
afterAll(() => rmSync(folder, { recursive: true }));
const asked = [
  'lossless',
  'sample:residual',
  '--data',
  'sample:residual',
  '--repair',
  'off',
  '--images',
  '60',
];

it('finds the smallest plan without loss, and writes the network that it speaks of', async () => {
  const out = join(folder, 'small.keras');
  const images = [
    '--calibration',
    'sample:residual',
    '--calibration-images',
    '16',
    '--selection-images',
    '60',
  ];
  const found = await encHere<Found>(...asked, ...images, '--out', out);
  const { trials, target, achieved, before, after, confirmed } = found;
  expect(trials.every((trial) => trial.images === 60)).toBe(true);
  expect(target).toBe(Math.min(...trials.filter(({ isLossless }) => isLossless).map((own) => own.target)));
  const below = trials.find((trial) => Math.abs(trial.target - (target - 0.01)) < 1e-9);
  expect(below?.isLossless).toBe(false);
  expect(Math.abs(achieved - target)).toBeLessThan(0.005);
  // What two networks do not answer equally well is what their accuracies differ by.
  expect(confirmed.images).toBe(60);
  expect(confirmed.onlyOriginal - confirmed.onlyPlan).toBe(Math.round(60 * (before.top1 - after.top1)));
  const written = await encHere<{ readonly top1: number }>(
    'evaluate',
    out,
    ...asked.slice(2, 4),
    '--images',
    '60',
  );
  expect(written.top1).toBe(after.top1);
});

it('says how many images it needs', async () => {
  await expect(encHere(...asked, '--selection-images', '60')).rejects.toThrow(
    '--data: expected more than the 60 images for repair and to choose plans on, found 60; give more',
  );
});
