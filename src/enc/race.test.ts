import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discordant, diverse, standings } from './race';

const correctByImage = (length: number, right: (image: number) => boolean) =>
  Uint8Array.from({ length }, (_, image) => (right(image) ? 1 : 0));

describe('standings', () => {
  it('drops a candidate that the leader beats beyond chance, and no other', () => {
    const leader = { correctByImage: correctByImage(100, (image) => image < 90), isSeeded: false };
    // 10 images worse and none better: 2 · 2⁻¹⁰ less half of the last term is far below 0.05.
    const beaten = { correctByImage: correctByImage(100, (image) => image < 80), isSeeded: false };
    // 3 images worse and none better: 2⁻³ is above 0.05.
    const close = { correctByImage: correctByImage(100, (image) => image < 87), isSeeded: false };
    const seeded = { correctByImage: correctByImage(100, (image) => image < 50), isSeeded: true };
    const dropped = standings([leader, beaten, close, seeded]).map(({ isDropped }) => isDropped);
    expect(dropped).toEqual([false, true, false, false]);
  });

  it('keeps a dropped candidate dropped although it has fewer images', () => {
    const leader = { correctByImage: correctByImage(64, () => true), isSeeded: false };
    const behind = { correctByImage: correctByImage(32, () => true), isSeeded: false };
    expect(standings([leader, behind])[1]).toEqual({ images: 32, correct: 32, isDropped: true });
  });

  it('never drops the best', () => {
    const runner = fc.uint8Array({ minLength: 40, maxLength: 40, max: 1 });
    fc.assert(
      fc.property(fc.array(runner, { minLength: 1, maxLength: 8 }), (all) => {
        const judged = standings(all.map((own) => ({ correctByImage: own, isSeeded: false })));
        const best = Math.max(...judged.map(({ correct }) => correct));
        expect(judged.some(({ correct, isDropped }) => correct === best && !isDropped)).toBe(true);
      }),
    );
  });
});

describe('discordant', () => {
  it('counts the images that only one answers rightly', () => {
    const a = Uint8Array.from([1, 1, 0, 0, 1]);
    const b = Uint8Array.from([1, 0, 1, 1, 0]);
    expect(discordant(a, b)).toEqual({ onlyFirst: 2, onlySecond: 2 });
  });
});

describe('diverse', () => {
  const plan = (...choices: number[]) => ({ choices: Int32Array.from(choices) });

  it('prefers plans that differ, then fills up from the top', () => {
    const plans = [plan(5, 5), plan(5, 6), plan(8, 2), plan(6, 5), plan(2, 9)];
    expect(diverse(plans, 3, 2)).toEqual([plans[0], plans[2], plans[4]]);
    expect(diverse(plans, 4, 2)).toEqual([plans[0], plans[2], plans[4], plans[1]]);
  });
});
