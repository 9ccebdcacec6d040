import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divergences, meanDivergence, softenedDivergences } from './divergence';
import { probabilities } from './probabilities';
import { logits, probabilityRows } from './testing/rows';

describe('divergence', () => {
  test('of two coins by hand', () => {
    const expected = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
    expect(meanDivergence(probabilityRows([0.5, 0.5]), probabilityRows([0.25, 0.75]))).toBeCloseTo(
      expected,
      12,
    );
    const logit = Math.log(3);
    expect(meanDivergence(logits([7, 7]), logits([2, 2 + logit]))).toBeCloseTo(expected, 6);
  });

  test('of each image is zero against itself and follows its definition', () => {
    const p = probabilityRows([0.25, 0.75], [0.5, 0.5]);
    const q = probabilityRows([0.5, 0.5], [0.25, 0.75]);
    expect([...divergences(p, p)]).toEqual([0, 0]);
    const expected = [
      0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5),
      0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75),
    ];
    divergences(p, q).forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 12));
  });

  test('is 0 from itself exactly, never negative, and unmoved by adding a number to all logits', () => {
    const row = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(row, row, fc.integer({ min: -8, max: 8 }), (a, b, shift) => {
        expect(meanDivergence(logits(a), logits(a))).toBe(0);
        const value = meanDivergence(logits(a), logits(b));
        expect(value).toBeGreaterThan(-1e-12);
        const shifted = { ...logits(b), scores: logits(b).scores.map((score) => score + shift) };
        expect(meanDivergence(logits(a), shifted)).toBeCloseTo(value, 3);
      }),
    );
  });

  test('stays finite where a probability is 0', () => {
    const [value] = divergences(probabilityRows([1, 0]), probabilityRows([0, 1]));
    expect(value).toBeCloseTo(Math.log(1e12), 6);
    const rounded = (...row: number[]) => probabilityRows([...probabilities(logits(row))]);
    expect(divergences(rounded(100, -100), rounded(-100, 100))[0]).toBeCloseTo(Math.log(1e12), 6);
  });

  test('is the same from a network that ends in logits and from one that ends in their softmax', () => {
    const softmax = (row: number[]) => probabilityRows([...probabilities(logits(row))]);
    const [a, b] = [
      [1, 2, 3],
      [3, 1, 0],
    ];
    expect(divergences(logits(a!), softmax(b!))[0]).toBeCloseTo(divergences(logits(a!), logits(b!))[0]!, 5);
  });

  test('softened is that of logits divided by four, from logits and from probabilities alike', () => {
    const row = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(row, row, (a, b) => {
        const quarter = (values: number[]) => logits(values.map((value) => Math.fround(value) / 4));
        const [expected] = divergences(quarter(a), quarter(b));
        expect(softenedDivergences(logits(a), logits(b))[0]).toBeCloseTo(expected!, 5);
        const softmax = (values: number[]) => probabilityRows([...probabilities(logits(values))]);
        expect(softenedDivergences(softmax(a), softmax(b))[0]).toBeCloseTo(expected!, 5);
        expect(softenedDivergences(softmax(a), softmax(a))[0]).toBe(0);
      }),
    );
  });

  test('softened sees what a sure answer hides', () => {
    const [sure, shifted, turned] = [logits([30, 0]), logits([26, 0]), logits([0, 30])];
    expect(divergences(sure, shifted)[0]).toBeLessThan(1e-10);
    expect(softenedDivergences(sure, shifted)[0]).toBeGreaterThan(1e-5);
    expect(softenedDivergences(sure, turned)[0]).toBeGreaterThan(5);
  });

  test('gives one value per image and their mean', () => {
    const [a, b] = [logits([1, 2], [3, 4]), logits([1, 2], [4, 3])];
    const each = divergences(a, b);
    expect(each[0]).toBe(0);
    expect(meanDivergence(a, b)).toBeCloseTo(each[1]! / 2, 12);
  });

  test('of no images is 0, and lists of different lengths are refused', () => {
    const none = { classes: 0, scores: new Float32Array(), kind: 'logits' } as const;
    expect(meanDivergence(none, none)).toBe(0);
    expect(() => divergences(logits([1, 0]), logits([1, 0], [1, 0]))).toThrow(
      'expected 1 predictions, got 2',
    );
    expect(() => divergences(logits([1, 0]), logits([1, 0, 0]))).toThrow('expected 2 classes, got 3');
  });
});
