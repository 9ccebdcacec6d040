import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../linalg/random';
import {
  confirmationChance,
  isWithoutLoss,
  lossChance,
  nextTarget,
  smallestWithoutLoss,
  trialsLeft,
  type Discordance,
  type LossTrial,
} from './lossless';

/** Searches to the end. @param judge of a target */
function searched(targets: readonly number[], judge: (target: number) => boolean): readonly LossTrial[] {
  const trials: LossTrial[] = [];
  for (;;) {
    const left = trialsLeft(targets, trials);
    const target = nextTarget(targets, trials);
    expect(left > 0).toBe(target !== null);
    if (target === null) return trials;
    trials.push({ target, isLossless: judge(target) });
    expect(trialsLeft(targets, trials)).toBeLessThan(left);
  }
}

/** Images that differ by chance for a plan whose losses grow as targets fall, about as those of a repaired ResNet-56. */
function drawnAt(random: Random, target: number, images: number): Discordance {
  const lost = 0.002 * Math.exp(8.5 * (0.55 - target));
  const either = 0.004 + 0.02 * Math.max(0, 0.6 - target);
  let [onlyOriginal, onlyPlan] = [0, 0];
  for (let image = 0; image < images; image++) {
    const drawn = random.uniform();
    if (drawn < either + lost) onlyOriginal++;
    else if (drawn > 1 - either) onlyPlan++;
  }
  return { onlyOriginal, onlyPlan, images };
}

/** A search that sees every plan on images of its own: chance has the most opportunities then. */
function searchedOn(random: Random, selected: number, reported: number): readonly LossTrial[] {
  const targets = Array.from({ length: 91 }, (_, index) => (5 + index) / 100);
  let passed = 0;
  return searched(targets, (target) => {
    const isLossless = isWithoutLoss(drawnAt(random, target, selected), 0.05, reported, passed);
    if (isLossless) passed++;
    return isLossless;
  });
}

const someTargets = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 120 })
  .map((thousandths) => thousandths.sort((a, b) => a - b).map((own) => own / 1000));

describe('the search for the smallest target without loss', () => {
  it('finds what trying every target would, where accuracy falls with the target, in few trials', () => {
    fc.assert(
      fc.property(someTargets, fc.double({ min: 0, max: 1.1, noNaN: true }), (targets, edge) => {
        const trials = searched(targets, (target) => target >= edge);
        expect(smallestWithoutLoss(trials)).toBe(targets.find((target) => target >= edge) ?? null);
        expect(trials.length).toBeLessThanOrEqual(Math.ceil(Math.log2(targets.length + 1)));
      }),
    );
  });

  it('ends, whatever chance says, at a target that was without loss, the one below it not', () => {
    fc.assert(
      fc.property(someTargets, fc.func(fc.boolean()), (targets, judge) => {
        const trials = searched(targets, judge);
        const found = smallestWithoutLoss(trials);
        const below = found === null ? targets.at(-1) : targets[targets.indexOf(found) - 1];
        if (found !== null) expect(judge(found)).toBe(true);
        if (below !== undefined) expect(judge(below)).toBe(false);
        expect(new Set(trials.map(({ target }) => target)).size).toBe(trials.length);
      }),
    );
  });

  it('goes on where it was left, trial by trial', () => {
    const targets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
    expect(nextTarget(targets, [])).toBe(0.4);
    expect(nextTarget(targets, [{ target: 0.4, isLossless: true }])).toBe(0.2);
    expect(nextTarget(targets, [{ target: 0.4, isLossless: false }])).toBe(0.6);
    expect(nextTarget([], [])).toBeNull();
  });
});

describe('a loss', () => {
  it('is one once chance alone would seldom show as much', () => {
    // Five of five: 1 in 32; four of four: 1 in 16.
    expect(lossChance({ onlyOriginal: 5, onlyPlan: 0, images: 100 })).toBeCloseTo(1 / 32, 12);
    expect(lossChance({ onlyOriginal: 0, onlyPlan: 9, images: 100 })).toBe(1);
    expect(isWithoutLoss({ onlyOriginal: 5, onlyPlan: 0, images: 1000 }, 0.05, 100)).toBe(false);
    expect(isWithoutLoss({ onlyOriginal: 0, onlyPlan: 9, images: 1000 }, 0.05, 1000)).toBe(true);
    expect(isWithoutLoss({ onlyOriginal: 0, onlyPlan: 0, images: 1000 }, 0.5, 1000)).toBe(true);
  });

  it('that few images cannot show, and many probably would, is one', () => {
    const seen = { onlyOriginal: 4, onlyPlan: 1, images: 250 };
    expect(lossChance(seen)).toBeGreaterThan(0.05);
    expect(isWithoutLoss(seen, 0.05, 1000)).toBe(false);
    expect(isWithoutLoss({ onlyOriginal: 16, onlyPlan: 18, images: 1000 }, 0.05, 1000)).toBe(true);
  });

  it('must show the less the more plans have passed before', () => {
    const seen = { onlyOriginal: 9, onlyPlan: 6, images: 500 };
    expect([0, 1, 2].map((passed) => isWithoutLoss(seen, 0.05, 500, passed))).toEqual([true, true, false]);
    const none = { onlyOriginal: 8, onlyPlan: 8, images: 500 };
    expect([0, 3, 5].map((passed) => isWithoutLoss(none, 0.05, 500, passed))).toEqual([true, true, true]);
  });

  it('is not shown by the report images to two searches in three, though each takes what its own images flatter', () => {
    const random = createRandom(11);
    const searches = 90;
    const [selected, reported] = [500, 500];
    let confirmed = 0;
    for (let search = 0; search < searches; search++) {
      const found = smallestWithoutLoss(searchedOn(random, selected, reported));
      const chance = found === null ? 1 : lossChance(drawnAt(random, found, reported));
      if (chance >= 0.05) confirmed++;
    }
    expect(confirmed / searches).toBeGreaterThan(2 / 3);
  });

  // from scipy.stats import betabinom, binom   # SciPy 1.17.1
  // sum over d of betabinom.pmf(d, N, b+c+1, n-b-c+.5) * sum of betabinom.pmf(k, d, b+1, c+1) where
  // binom.sf(k-1, d, .5) >= .05
  it.each([
    [0, 0, 256, 1560, 0.900271756],
    [2, 1, 256, 1560, 0.644379895],
    [6, 2, 256, 1560, 0.300554368],
    [1, 4, 256, 1560, 0.968074196],
    [20, 14, 1000, 1000, 0.718300522],
    [3, 0, 1000, 1000, 0.832540603],
    [8, 5, 540, 1560, 0.60379161],
    [4, 4, 40, 0, 1.0],
  ])('of %i against %i among %i is as likely to be none among %i as SciPy says', (...row) => {
    const [onlyOriginal, onlyPlan, images, reported, expected] = row;
    const chance = confirmationChance({ onlyOriginal, onlyPlan, images }, 0.05, reported);
    expect(Math.abs(chance - expected)).toBeLessThan(1e-6);
  });

  it('is the less likely to show the more the plan alone is right, or the fewer the original', () => {
    const count = fc.nat(40);
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 300 }), (onlyOriginal, onlyPlan, reported) => {
        const chance = (original: number, plan: number) =>
          confirmationChance({ onlyOriginal: original, onlyPlan: plan, images: 200 }, 0.05, reported);
        const here = chance(onlyOriginal, onlyPlan);
        expect(chance(onlyOriginal, onlyPlan + 1)).toBeGreaterThanOrEqual(here - 0.02);
        expect(chance(onlyOriginal + 1, onlyPlan)).toBeLessThanOrEqual(here + 0.02);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  });
});
