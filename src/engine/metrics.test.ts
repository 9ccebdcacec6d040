import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activation, chainOf, randomDense, seededNumbers } from '../network/testing/builders';
import {
  countAgreement,
  countCorrect,
  divergences,
  labelsOf,
  likeliestClasses,
  meanDivergence,
  softenedDivergences,
  probabilitiesOf,
} from './metrics';
import { predictionsOf, scoreKind } from './predictions';
import { noiseImages } from './testing/images';

const logits = (...rows: number[][]) =>
  predictionsOf(Float32Array.from(rows.flat()), rows[0]!.length, 'logits');
const probabilities = (...rows: number[][]) =>
  predictionsOf(Float32Array.from(rows.flat()), rows[0]!.length, 'probabilities');

describe('counting', () => {
  test('top-1 and top-5 by hand', () => {
    const scores = [6, 5, 4, 3, 2, 1, 0];
    const predictions = logits(scores, scores, scores, scores);
    expect(countCorrect(predictions, Int32Array.of(0, 4, 5, 1))).toEqual({ images: 4, top1: 1, top5: 3 });
  });

  test('of equal scores the lower class comes first, as in top1', () => {
    const predictions = logits([1, 1, 0], [0, 2, 2]);
    expect([...predictions.top1]).toEqual([0, 1]);
    expect(countCorrect(predictions, Int32Array.of(0, 1)).top1).toBe(2);
    expect(countCorrect(predictions, Int32Array.of(1, 2)).top1).toBe(0);
  });

  test('a score that is not a number is never right', () => {
    const predictions = logits([NaN, NaN], [NaN, 1]);
    expect([...predictions.top1]).toEqual([-1, 1]);
    expect(countCorrect(predictions, Int32Array.of(0, 0))).toEqual({ images: 2, top1: 0, top5: 0 });
    expect(countAgreement(predictions, predictions)).toBe(1);
  });

  test('a label that no class has is never right', () => {
    expect(countCorrect(logits([1, 0]), Int32Array.of(7)).top5).toBe(0);
  });

  test('agreement compares the winners', () => {
    expect(countAgreement(logits([1, 0], [0, 1], [3, 2]), logits([5, 1], [9, 1], [1, 0]))).toBe(2);
  });

  test('refuses lists of different lengths', () => {
    expect(() => countCorrect(logits([1, 0]), Int32Array.of(0, 1))).toThrow('expected 1 labels');
    expect(() => countAgreement(logits([1, 0]), logits([1, 0], [1, 0]))).toThrow('predictions');
  });
});

describe('divergence', () => {
  test('of two coins by hand', () => {
    const expected = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
    expect(meanDivergence(probabilities([0.5, 0.5]), probabilities([0.25, 0.75]))).toBeCloseTo(expected, 12);
    const logit = Math.log(3);
    expect(meanDivergence(logits([7, 7]), logits([2, 2 + logit]))).toBeCloseTo(expected, 6);
  });

  test('is 0 from itself exactly, never negative, and unmoved by adding a number to all logits', () => {
    const row = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(row, row, fc.integer({ min: -8, max: 8 }), (a, b, shift) => {
        expect(meanDivergence(logits(a), logits(a))).toBe(0);
        const value = meanDivergence(logits(a), logits(b));
        expect(value).toBeGreaterThan(-1e-12);
        const shifted = predictionsOf(
          logits(b).scores.map((score) => score + shift),
          4,
          'logits',
        );
        expect(meanDivergence(logits(a), shifted)).toBeCloseTo(value, 3);
      }),
    );
  });

  test('stays finite where a probability is 0', () => {
    const [value] = divergences(probabilities([1, 0]), probabilities([0, 1]));
    expect(value).toBeCloseTo(Math.log(1e12), 6);
  });

  test('softened is that of logits divided by four, from logits and from probabilities alike', () => {
    const row = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(row, row, (a, b) => {
        const quarter = (values: number[]) => logits(values.map((value) => Math.fround(value) / 4));
        const [expected] = divergences(quarter(a), quarter(b));
        expect(softenedDivergences(logits(a), logits(b))[0]).toBeCloseTo(expected!, 5);
        const softmax = (values: number[]) => probabilities([...probabilitiesOf(logits(values))]);
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
});

test('probabilities add up to 1 and rank like the scores', () => {
  const predictions = logits([1, 3, 2], [100, -100, 0]);
  const values = probabilitiesOf(predictions);
  expect(values[0]! + values[1]! + values[2]!).toBeCloseTo(1, 6);
  const ranked = likeliestClasses(predictions, 0, 2);
  expect(ranked.map(({ label }) => label)).toEqual([1, 2]);
  expect(ranked[0]!.probability).toBeCloseTo(Math.E ** 2 / (Math.E ** 2 + Math.E + 1), 6);
});

test('labels follow the order of the images asked for', () => {
  const images = { ...noiseImages(4, 1, 1), labels: Int32Array.of(5, 6, 7, 8) };
  expect([...labelsOf(images, Uint32Array.of(3, 0, 3))!]).toEqual([8, 5, 8]);
  expect(labelsOf({ ...images, labels: null }, Uint32Array.of(0))).toBeNull();
  expect(() => labelsOf(images, Uint32Array.of(4))).toThrow('Image 4');
});

test('scores are probabilities only behind a softmax', () => {
  const dense = randomDense(seededNumbers(1), 4, 3);
  const identity = { kind: 'identity', origin: 'identity' } as const;
  expect(scoreKind(chainOf([4], [dense, { kind: 'softmax' }, identity]))).toBe('probabilities');
  expect(scoreKind(chainOf([4], [dense]))).toBe('logits');
  expect(scoreKind(chainOf([4], [{ kind: 'softmax' }, dense]))).toBe('logits');
  expect(scoreKind(chainOf([4], [dense, activation('sigmoid')]))).toBe('logits');
});
