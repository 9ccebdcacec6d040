import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random';

/** The same generator in exact integers: state update and seeding written from their definitions. */
function exactBits(seed: bigint, count: number): number[] {
  const word = (value: bigint): bigint => BigInt.asUintN(32, value);
  let fillState = word(seed);
  const fill = (): bigint => {
    fillState = word(fillState + 0x9e3779b9n);
    let mixed = word((fillState ^ (fillState >> 16n)) * 0x21f0aaadn);
    mixed = word((mixed ^ (mixed >> 15n)) * 0x735a2d97n);
    return mixed ^ (mixed >> 15n);
  };
  let a = fill();
  let b = fill() ^ word(seed >> 32n);
  let c = fill();
  const outputs: number[] = [];
  for (let counter = 1n; outputs.length < count + 12; counter++) {
    const output = word(a + b + counter);
    a = b ^ (b >> 9n);
    b = word(c + (c << 3n));
    c = word(word((c << 21n) | (c >> 11n)) + output);
    outputs.push(Number(output));
  }
  return outputs.slice(12);
}

describe('createRandom', () => {
  it('equals the generator computed in exact integers, for any seed', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const random = createRandom(seed);
        const bits = Array.from({ length: 8 }, () => random.bits());
        expect(bits).toEqual(exactBits(BigInt(seed), 8));
      }),
    );
  });

  it('gives different streams to seeds that differ above 32 bits', () => {
    expect(createRandom(1).bits()).not.toBe(createRandom(1 + 2 ** 32).bits());
  });

  it('draws uniform numbers: mean, variance and all 16 bins', () => {
    const random = createRandom(7);
    const bins = new Float64Array(16);
    const draws = 64000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < draws; i++) {
      const value = random.uniform();
      sum += value;
      squares += value * value;
      bins[Math.floor(value * 16)]!++;
    }
    expect(sum / draws).toBeCloseTo(0.5, 2);
    expect(squares / draws).toBeCloseTo(1 / 3, 2);
    const chiSquared = bins.reduce((total, n) => total + (n - draws / 16) ** 2 / (draws / 16), 0);
    // 99.9 % quantile of chi squared with 15 degrees of freedom
    expect(chiSquared).toBeLessThan(37.7);
  });

  it('draws normal numbers: first four moments', () => {
    const random = createRandom(11);
    const moments = [0, 0, 0, 0];
    const draws = 100000;
    for (let i = 0; i < draws; i++) {
      const value = random.normal();
      moments.forEach((_, power) => (moments[power]! += value ** (power + 1) / draws));
    }
    expect(moments[0]).toBeCloseTo(0, 1);
    expect(moments[1]).toBeCloseTo(1, 1);
    expect(Math.abs(moments[2]!)).toBeLessThan(0.05);
    expect(Math.abs(moments[3]! - 3)).toBeLessThan(0.15);
  });

  it('draws integers below the bound, every one of them', () => {
    const random = createRandom(3);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.integer(1)).toBe(0);
    expect(() => random.integer(0)).toThrow('expected a bound in [1, 2^32], got 0');
    expect(() => random.integer(2.5)).toThrow('got 2.5');
  });

  it('shuffles in place into a permutation, all orders alike', () => {
    const random = createRandom(5);
    const items = new Int32Array([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(random.shuffle(items)).toBe(items);
    expect([...items].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('rejects seeds that are no safe integers', () => {
    expect(() => createRandom(0.5)).toThrow('expected a safe integer as seed, got 0.5');
    expect(() => createRandom(Number.NaN)).toThrow('got NaN');
  });
});
