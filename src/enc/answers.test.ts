import { describe, expect, it } from 'vitest';
import {
  correctWithinTop,
  countAgreeing,
  countCorrectImages,
  divergences,
  probabilities,
  topClass,
} from './answers';

const answers = { classes: 3, scores: Float32Array.from([0.1, 2, -1, 5, 5, 1, NaN, NaN, NaN, -3, -2, -1]) };

describe('topClass', () => {
  it('takes the first of equals and never NaN', () => {
    expect(Array.from(topClass(answers))).toEqual([1, 0, -1, 2]);
  });
});

describe('correctWithinTop', () => {
  it('counts a label among the best scores', () => {
    expect(Array.from(correctWithinTop(answers, [1, 1, 0, 0], 1))).toEqual([1, 1, 0, 0]);
    expect(Array.from(correctWithinTop(answers, [0, 2, 0, 1], 2))).toEqual([1, 0, 0, 1]);
    expect(countCorrectImages(correctWithinTop(answers, [1, 1, 0, 0], 3))).toBe(3);
  });
});

describe('countAgreeing', () => {
  it('compares classes, not scores', () => {
    const other = { classes: 3, scores: Float32Array.from([0, 9, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1]) };
    expect(countAgreeing(answers, other)).toBe(2);
  });
});

describe('divergences', () => {
  it('is zero against itself and follows its definition', () => {
    const p = probabilities({ classes: 2, scores: Float32Array.from([0.25, 0.75, 0.5, 0.5]) });
    const q = probabilities({ classes: 2, scores: Float32Array.from([0.5, 0.5, 0.25, 0.75]) });
    expect(Array.from(divergences(p, p, 2))).toEqual([0, 0]);
    const expected = [
      0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5),
      0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75),
    ];
    divergences(p, q, 2).forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 12));
  });

  it('applies softmax to logits and stays finite where a probability rounds to zero', () => {
    const p = probabilities({ classes: 2, scores: Float32Array.from([100, -100]) });
    const q = probabilities({ classes: 2, scores: Float32Array.from([-100, 100]) });
    expect(Array.from(p)).toEqual([1, Math.exp(-200)]);
    expect(divergences(p, q, 2)[0]).toBeCloseTo(Math.log(1e12), 6);
  });
});
