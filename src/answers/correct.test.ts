import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctWithin, countCorrect, countCorrectImages } from './correct';
import { awkwardRow, logits, probabilityRows } from './testing/rows';
import { topClass, topClasses } from './topClasses';

describe('correctWithin', () => {
  const answers = logits([0.1, 2, -1], [5, 5, 1], [NaN, NaN, NaN], [-3, -2, -1]);

  test('finds a label among the best scores', () => {
    expect([...correctWithin(answers, [1, 0, 0, 0], 1)]).toEqual([1, 1, 0, 0]);
    expect([...correctWithin(answers, [0, 2, 0, 1], 2)]).toEqual([1, 0, 0, 1]);
    expect(countCorrectImages(correctWithin(answers, [1, 1, 0, 0], 3))).toBe(3);
  });

  test('of equal scores only the lowest class is right, so that a collapsed network is no better than chance', () => {
    const collapsed = logits(...Array<number[]>(4).fill([7, 7, 7, 7]));
    expect([...correctWithin(collapsed, [0, 1, 2, 3], 1)]).toEqual([1, 0, 0, 0]);
    expect([...correctWithin(collapsed, [0, 1, 2, 3], 2)]).toEqual([1, 1, 0, 0]);
  });

  test('a label whose score is not a number is never right, even where few others are numbers', () => {
    expect([...correctWithin(logits([NaN, 1, NaN]), [0], 3)]).toEqual([0]);
    expect([...correctWithin(logits([NaN, NaN, NaN]), [1], 3)]).toEqual([0]);
  });

  test('a label that no class has is never right, nor is the answer of an image without one', () => {
    expect([...correctWithin(logits([NaN, 0], [1, 0], [1, 0]), [-1, 7, -1], 5)]).toEqual([0, 0, 0]);
  });

  test('is right within k exactly where the k best classes hold the label', () => {
    fc.assert(
      fc.property(
        awkwardRow,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 7 }),
        (row, label, top) => {
          const isRight = (within: number) => correctWithin(logits(row), [label], within)[0] === 1;
          expect(isRight(1)).toBe(topClass(logits(row))[0] === label);
          expect(isRight(top)).toBe(topClasses(logits(row), top).includes(label));
        },
      ),
    );
  });

  test('does not ask whether scores are logits or probabilities', () => {
    const rows = [
      [0.2, 0.5, 0.3],
      [0.4, 0.4, 0.2],
    ];
    expect(correctWithin(probabilityRows(...rows), [1, 1], 1)).toEqual(
      correctWithin(logits(...rows), [1, 1], 1),
    );
  });
});

describe('countCorrect', () => {
  test('top-1 and top-5 by hand', () => {
    const scores = [6, 5, 4, 3, 2, 1, 0];
    const answers = logits(scores, scores, scores, scores);
    expect(countCorrect(answers, Int32Array.of(0, 4, 5, 1))).toEqual({ images: 4, top1: 1, top5: 3 });
  });

  test('of equal scores the lower class comes first, as in topClass', () => {
    const answers = logits([1, 1, 0], [0, 2, 2]);
    expect(countCorrect(answers, Int32Array.of(0, 1)).top1).toBe(2);
    expect(countCorrect(answers, Int32Array.of(1, 2)).top1).toBe(0);
  });

  test('a score that is not a number is never right', () => {
    const answers = logits([NaN, NaN], [NaN, 1]);
    expect(countCorrect(answers, Int32Array.of(0, 0))).toEqual({ images: 2, top1: 0, top5: 0 });
  });

  test('a label that no class has is never right', () => {
    expect(countCorrect(logits([1, 0]), Int32Array.of(7)).top5).toBe(0);
  });

  test('refuses lists of different lengths', () => {
    expect(() => countCorrect(logits([1, 0]), Int32Array.of(0, 1))).toThrow('expected 1 labels');
  });
});
