import { describe, expect, test } from 'vitest';
import type { Operator } from '../network/graph';
import { activation, chainOf, randomDense, seededNumbers } from '../network/testing/builders';
import { countCorrect } from './correct';
import { meanDivergence } from './divergence';
import { meanProbability, probabilities } from './probabilities';
import { classScores, imageCount, scoreKind } from './scores';
import { topClass } from './topClasses';
import { logits } from './testing/rows';

test('scores are probabilities only behind a softmax', () => {
  const dense = randomDense(seededNumbers(1), 4, 3);
  const identity = { kind: 'identity', origin: 'identity' } as const;
  const kindOf = (...operators: Operator[]) => scoreKind(chainOf([4], operators), 3);
  expect(kindOf(dense, { kind: 'softmax' }, identity)).toBe('probabilities');
  expect(kindOf(dense)).toBe('logits');
  expect(kindOf({ kind: 'softmax' }, dense)).toBe('logits');
  expect(kindOf(dense, activation('sigmoid'))).toBe('logits');
  expect(kindOf(dense, { kind: 'logSoftmax' })).toBe('logits');
});

describe('one score for an image', () => {
  const dense = randomDense(seededNumbers(1), 4, 1);
  const sigmoid = chainOf([4], [dense, activation('sigmoid')]);
  const logit = chainOf([4], [dense]);
  const squash = (value: number) => 1 / (1 + Math.exp(-value));

  test('is the probability of the second of two classes where a sigmoid gives it', () => {
    const answers = classScores(sigmoid, Float32Array.of(0.25, 0.75), 2);
    expect(answers).toEqual({
      classes: 2,
      kind: 'probabilities',
      scores: Float32Array.of(0.75, 0.25, 0.25, 0.75),
    });
  });

  test('is a logit against 0 elsewhere, with the same probabilities and the same classes', () => {
    const logits = [-30, -2, -1e-3, 0, 1e-3, 2, 30];
    const two = classScores(logit, Float32Array.from(logits), logits.length);
    const one = classScores(sigmoid, Float32Array.from(logits, squash), logits.length);
    expect(two.kind).toBe('logits');
    probabilities(two).forEach((share, index) => expect(share).toBeCloseTo(probabilities(one)[index]!, 6));
    expect([...topClass(two)]).toEqual([0, 0, 0, 0, 1, 1, 1]);
    expect([...topClass(one)]).toEqual([...topClass(two)]);
  });

  test('diverges as two classes do', () => {
    const [p, q] = [0.8, 0.3];
    const closed = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    const of = (share: number) => classScores(sigmoid, Float32Array.of(share), 1);
    expect(meanDivergence(of(p), of(q))).toBeCloseTo(closed, 6);
    const ofLogit = (share: number) => classScores(logit, Float32Array.of(Math.log(share / (1 - share))), 1);
    expect(meanDivergence(ofLogit(p), ofLogit(q))).toBeCloseTo(closed, 6);
  });

  test('answers no class where it is no number', () => {
    for (const network of [sigmoid, logit])
      expect([...topClass(classScores(network, Float32Array.of(NaN), 1))]).toEqual([-1]);
  });

  test('is right, or the same, at a threshold of 0.5', () => {
    const answers = classScores(sigmoid, Float32Array.of(0.4, 0.6, 0.5, 0.500001), 4);
    expect(countCorrect(answers, [0, 1, 0, 1])).toEqual({ images: 4, top1: 4, top5: 4 });
    expect(countCorrect(answers, [1, 0, 1, 0])).toEqual({ images: 4, top1: 0, top5: 4 });
    expect(meanProbability(answers, [0, 1, 0, 0])).toBeCloseTo((0.6 + 0.6 + 0.5 + 0.5) / 4, 5);
  });
});

test('images are counted, none where nothing was run', () => {
  expect(imageCount(logits([1, 2, 3], [4, 5, 6]))).toBe(2);
  expect(imageCount({ classes: 0, scores: new Float32Array(), kind: 'logits' })).toBe(0);
});
