import { describe, expect, it } from 'vitest';
import { floatToHalf, halfToFloat, roundToEven } from './half';

const every = Array.from({ length: 0x10000 }, (_, bits) => bits);

describe('half precision', () => {
  it('comes back as the bits it was read from', () => {
    const numbers = every.filter((bits) => (bits & 0x7fff) <= 0x7c00);
    expect(numbers.filter((bits) => floatToHalf(halfToFloat(bits)) !== bits)).toEqual([]);
  });

  it('is the nearest of two neighbours, the even one half way between them', () => {
    const positive = every.slice(0, 0x7bff);
    const wrong = positive.filter((bits) => {
      const [low, high] = [halfToFloat(bits), halfToFloat(bits + 1)];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const below = floatToHalf(middle - (high - low) / 1000);
      const above = floatToHalf(middle + (high - low) / 1000);
      return floatToHalf(middle) !== even || below !== bits || above !== bits + 1;
    });
    expect(wrong).toEqual([]);
  });

  it('is infinite or no number where a number is', () => {
    expect([65519, 65520, -1e9, Infinity].map(floatToHalf)).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7c00]);
    expect(halfToFloat(floatToHalf(NaN))).toBeNaN();
  });
});

describe('roundToEven', () => {
  it('takes the even one of two', () => {
    const values = [-2.5, -1.5, -0.6, 0.5, 1.5, 2.5, 2.4999, 3.5000001];
    expect(values.map((value) => roundToEven(value) + 0)).toEqual([-2, -2, -1, 0, 2, 2, 2, 4]);
  });
});
