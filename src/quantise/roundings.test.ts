import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network, Operator } from '../network/graph';
import { activation, networkOf, nodeOf } from '../network/testing/builders';
import { roundingsOf } from './roundings';

const sum: Operator = { kind: 'add' };
const turn: Operator = { kind: 'transpose', permutation: [1, 0, 2] };
const network: Network = networkOf(
  [4, 4, 3],
  [
    nodeOf('a', ['image'], activation('relu')),
    nodeOf('b', ['image'], activation('relu')),
    nodeOf('turned', ['b:0'], turn),
    nodeOf('sum', ['a:0', 'turned:0'], sum),
    nodeOf('bounded', ['sum:0'], activation('relu')),
    nodeOf('last', ['bounded:0'], activation('relu')),
  ],
);

/** One of a value's ends, 2⁻⁸ to 2⁸. */
const end = fc.double({ min: -8, max: 8, noNaN: true }).map((power) => 2 ** power);
const range = fc.record({ low: end.map((value) => -value), high: end });
const level = fc.integer({ min: 0, max: 255 });

describe('the levels of what is added', () => {
  it('leave no sum as near to the middle between two levels as runtimes err', () => {
    fc.assert(
      fc.property(
        range,
        range,
        range,
        fc.array(fc.tuple(level, level), { minLength: 50 }),
        (a, b, c, pairs) => {
          const found = roundingsOf(
            network,
            new Map([
              ['a:0', a],
              ['b:0', b],
              ['bounded:0', c],
            ]),
          );
          const [first, second, made] = ['a:0', 'b:0', 'bounded:0'].map((value) => found.get(value)!);
          for (const [one, other] of pairs) {
            const levels = [one - first!.zeroPoint, other - second!.zeroPoint] as const;
            const exact =
              levels[0] * (first!.scale / made!.scale) + levels[1] * (second!.scale / made!.scale);
            // What is far beyond the 256 levels becomes the last one, however it is rounded.
            if (Math.abs(exact) > 2 ** 9) continue;
            const floats = Math.fround(
              Math.fround(levels[0] * first!.scale) + Math.fround(levels[1] * second!.scale),
            );
            expect(Math.round(Math.fround(floats / made!.scale))).toBe(Math.round(exact));
            const nearest = Math.abs(exact - Math.floor(exact) - 0.5);
            expect(nearest).toBeGreaterThan(
              made!.scale > 16 * Math.min(first!.scale, second!.scale) ? 0 : 1e-4,
            );
          }
        },
      ),
    );
  });

  it('have scales that are odd multiples of one power of two, a hundredth greater at most', () => {
    const ranges = new Map([
      ['a:0', { low: -1, high: 1.3 }],
      ['b:0', { low: -20, high: 7 }],
      ['bounded:0', { low: 0, high: 9.5 }],
      ['last:0', { low: 0, high: 1 }],
    ]);
    const found = roundingsOf(network, ranges);
    const spread = ({ low, high }: { low: number; high: number }) => (high - low) / 255;
    const unit = 2 ** Math.floor(Math.log2(spread(ranges.get('a:0')!) / 128));
    for (const value of ['a:0', 'b:0', 'bounded:0']) {
      const { scale } = found.get(value)!;
      expect((scale / unit) % 2).toBe(1);
      expect(scale / spread(ranges.get(value)!)).toBeGreaterThanOrEqual(1);
      expect(scale / spread(ranges.get(value)!)).toBeLessThan(1 + 2 / 128);
    }
    expect(found.get('last:0')!.scale).toBe(Math.fround(1 / 255));
    expect(found.get('b:0')!.zeroPoint).toBe(Math.round(20 / found.get('b:0')!.scale));
  });

  it('are those of the ranges where nothing is added', () => {
    const plain = networkOf([4, 4, 3], [nodeOf('a', ['image'], activation('relu'))]);
    expect(roundingsOf(plain, new Map([['image', { low: 0, high: 0 }]])).get('image')).toEqual({
      ...{ kind: 'quantise', type: 'uint8', scale: 1, zeroPoint: 0 },
    });
  });
});
