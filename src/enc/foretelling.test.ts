import { describe, expect, it } from 'vitest';
import { foretellingFrom, type SeenAccuracy } from './foretelling';

/** Numbers between 0 and 1, the same every time (mulberry32). */
function randomNumbers(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const original = { correct: 950, images: 1000 };

/** A network of some damage: its accuracy by a law of its own and by a scatter of its own, counted on images. */
function network(random: () => number, damage: number, law: (damage: number) => number): SeenAccuracy {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const loss = Math.min(1, (1 - law(damage)) * Math.exp(0.05 * normal));
  const accuracy = 0.95 * (1 - loss);
  const correct = Array.from({ length: 1000 }).filter(() => random() < accuracy).length;
  return { damage, correct, images: 1000 };
}

/** Share of sessions in which what is measured next lies inside the interval, of those that foretell it. */
function coverage(seen: number, law: (damage: number) => number) {
  const random = randomNumbers(5);
  let foretold = 0;
  let inside = 0;
  for (let session = 0; session < 300; session++) {
    const damages = Array.from({ length: seen }, () => 0.5 + 7 * random());
    const fit = foretellingFrom(
      damages.map((damage) => network(random, damage, law)),
      original,
    );
    const next = network(random, 0.5 + 7 * random(), law);
    const answer = fit?.at(next.damage);
    if (!answer) continue;
    foretold++;
    if (answer.low <= next.correct / 1000 && next.correct / 1000 <= answer.high) inside++;
  }
  return { foretold, share: inside / foretold };
}

describe('an accuracy that is foretold', () => {
  const laws: [string, (damage: number) => number][] = [
    ['slowly', (damage) => Math.exp(-damage / 12)],
    ['ever faster', (damage) => Math.exp(-((damage / 6) ** 2))],
    ['at a cliff', (damage) => 1 / (1 + (damage / 5) ** 8)],
  ];
  const cases = laws.flatMap(([name, law]) => [3, 6, 12].map((seen) => [name, seen, law] as const));
  it.each(cases)('lies in its interval as often as it says: %s, from %i networks', (_name, seen, law) => {
    const { foretold, share } = coverage(seen, law);
    expect(foretold).toBeGreaterThan(60);
    expect(share).toBeGreaterThan(0.92);
  });

  it('is near what is measured where much was', () => {
    const seen = [1, 2, 3, 4, 5].map((damage) => ({
      damage,
      correct: Math.round(9500 * Math.exp(-damage / 20)),
      images: 10_000,
    }));
    const fit = foretellingFrom(seen, { correct: 9500, images: 10_000 })!;
    const { share, low, high } = fit.at(3.5)!;
    expect(share).toBeCloseTo(0.95 * Math.exp(-3.5 / 20), 2);
    expect(high - low).toBeLessThan(0.06);
    // Networks of the damages that were measured are as they were, by the chance of the images.
    expect(fit.at(3)!.share).toBeCloseTo(0.95 * Math.exp(-3 / 20), 4);
  });
});

describe('nothing is foretold', () => {
  const at = (damage: number, correct: number) => ({ damage, correct, images: 1000 });
  it('from fewer than three networks', () => {
    expect(foretellingFrom([at(1, 940), at(2, 900)], original)).toBeNull();
  });
  it('beyond the greatest damage that was measured', () => {
    const fit = foretellingFrom([at(1, 940), at(2, 930), at(3, 920)], original)!;
    expect(fit.at(3)).not.toBeNull();
    expect(fit.at(3.1)).toBeNull();
  });
  it('where what was measured around it says hardly anything', () => {
    const fit = foretellingFrom([at(1, 940), at(4, 38), at(5, 20)], original)!;
    expect(fit.at(2)).toBeNull();
    expect(fit.at(0.5)).not.toBeNull();
    // Accuracy does not follow the curves at all.
    const wild = foretellingFrom([at(1, 300), at(2, 900), at(3, 200), at(4, 800)], original)!;
    expect(wild.at(2.5)).toBeNull();
  });
});
