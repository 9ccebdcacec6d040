import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random';

const numbers = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.nextUint32());

/** The same generator, written from its description with 64-bit integers cut to 32 bits. */
function reference(seed: [number, number, number], count: number): number[] {
  let [a, b, c] = seed.map((value) => BigInt.asUintN(32, BigInt(value))) as [bigint, bigint, bigint];
  let counter = 1n;
  const cut = (value: bigint): bigint => BigInt.asUintN(32, value);
  return Array.from({ length: count + 15 }, () => {
    const result = cut(a + b + counter++);
    a = b ^ (b >> 9n);
    b = cut(c + (c << 3n));
    c = cut(cut((c << 21n) | (c >> 11n)) + result);
    return Number(result);
  }).slice(15);
}

describe('Random', () => {
  it('gives the numbers of sfc32 for every seed', () => {
    fc.assert(
      fc.property(fc.tuple(fc.integer(), fc.integer(), fc.integer()), (seed) => {
        expect(numbers(new Random(...seed), 20)).toEqual(reference(seed, 20));
      }),
    );
  });

  it('has other numbers in other streams', () => {
    expect(numbers(new Random(1, 2, 3), 4)).not.toEqual(numbers(new Random(1, 3, 3), 4));
  });

  it('is spread evenly over its range', () => {
    const random = new Random(7);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 10_000; draw++) counts[random.below(10)]! += 1;
    // Five standard deviations of a binomial count with mean 1,000.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('shuffles without losing or doubling an item', () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const shuffled = [...items];
    new Random(3).shuffle(shuffled);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });

  it('refuses to pick from nothing', () => {
    expect(() => new Random(1).pick([])).toThrow(RangeError);
  });
});
