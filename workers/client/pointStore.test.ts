import { expect, test } from 'vitest';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import { createPointStore, type SweepIdentity } from './pointStore';

const sweep: SweepIdentity = {
  network: 'n',
  images: 'i',
  indices: Uint32Array.of(3, 1),
  preprocessing: { channels: 'rgb', mean: [0], scale: [1] },
  refit: null,
};
const point: MeasuredPoint = {
  layer: 'a',
  factorisation: 'spatial',
  rank: 1,
  images: 2,
  basis: 'labels',
  correct: 1,
  correctUncut: 2,
  divergence: 0.5,
  divergenceDeviation: 0.1,
};

test('where the browser has no database, nothing is saved and nothing fails', async () => {
  expect(globalThis.indexedDB).toBeUndefined();
  const store = createPointStore();
  expect(await store.save(sweep, [point])).toBe(false);
  expect(await store.load(sweep)).toEqual([]);
});
