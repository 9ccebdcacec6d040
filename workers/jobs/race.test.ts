import { describe, expect, it } from 'vitest';
import { lowRankRecipe, ranksOf, recipeKey } from '../../src/compression/recipe';
import { ranksKey } from '../../src/enc/plan';
import type { RaceRequest } from '../protocol/race';
import { batchEnds, race } from './race';

const cutRecipe = (layer: string) => lowRankRecipe('network', { [layer]: 1 }, () => 'spatial');

/** Answers class 1 on the first `right` images and class 0 beyond; every right answer is class 1. */
function contest(right: Record<string, number>, images: number, known = new Map<string, Uint8Array>()) {
  const runs: { key: string; from: number; count: number }[] = [];
  const candidates = Object.keys(right).map((layer) => ({
    recipe: cutRecipe(layer),
    isSeeded: layer === 'seeded',
  }));
  const request: RaceRequest = {
    network: 'network',
    candidates,
    images: 'images',
    indices: Uint32Array.from({ length: images }, (_, index) => index),
    preprocessing: { channels: 'grey', mean: [0], scale: [1] },
    answers: new Int32Array(images).fill(1),
    firstBatch: 32,
    known,
  };
  const run = () =>
    race(
      request,
      (recipe, { indices }) => {
        const ranks = ranksOf(recipe);
        const [layer] = Object.keys(ranks);
        runs.push({ key: ranksKey(ranks), from: indices[0]!, count: indices.length });
        const scores = Array.from(indices, (image) => (image < right[layer!]! ? [0, 1] : [1, 0])).flat();
        return Promise.resolve({
          images: indices.length,
          classes: 2,
          scores: Float32Array.from(scores),
          kind: 'logits',
        });
      },
      { onProgress: () => undefined, onEvent: () => undefined, signal: new AbortController().signal },
    );
  return { run, runs };
}

describe('race', () => {
  it('spends no more images on the beaten, all of them on the seeded, and finds the winner', async () => {
    const { run, runs } = contest({ best: 250, beaten: 2, seeded: 1, close: 249 }, 256);
    const table = await run();
    const beaten = ranksKey({ beaten: 1 });
    const full = table.filter(({ images }) => images === 256);
    expect(full.map(({ correct }) => correct)).toEqual([250, 1, 249]);
    expect(table.map(({ isDropped }) => isDropped)).toEqual([false, true, false, false]);
    expect(table.map(({ images }) => images)).toEqual([256, 32, 256, 256]);
    expect(runs.filter(({ key }) => key === beaten)).toEqual([{ key: beaten, from: 0, count: 32 }]);
  });

  it('runs nothing that an earlier race has run', async () => {
    const correctByImage = Uint8Array.from({ length: 64 }, () => 1);
    const { run, runs } = contest(
      { a: 64, b: 60 },
      64,
      new Map([[recipeKey(cutRecipe('a')), correctByImage]]),
    );
    await run();
    expect(runs.every(({ key }) => key === ranksKey({ b: 1 }))).toBe(true);
  });
});

describe('batchEnds', () => {
  it('doubles up to the last image', () => {
    expect(batchEnds(256, 32)).toEqual([32, 64, 128, 256]);
    expect(batchEnds(100, 32)).toEqual([32, 64, 100]);
    expect(batchEnds(20, 32)).toEqual([20]);
  });
});
