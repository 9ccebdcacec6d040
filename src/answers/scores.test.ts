import { expect, test } from 'vitest';
import { activation, chainOf, randomDense, seededNumbers } from '../network/testing/builders';
import { imageCount, scoreKind } from './scores';
import { logits } from './testing/rows';

test('scores are probabilities only behind a softmax', () => {
  const dense = randomDense(seededNumbers(1), 4, 3);
  const identity = { kind: 'identity', origin: 'identity' } as const;
  expect(scoreKind(chainOf([4], [dense, { kind: 'softmax' }, identity]))).toBe('probabilities');
  expect(scoreKind(chainOf([4], [dense]))).toBe('logits');
  expect(scoreKind(chainOf([4], [{ kind: 'softmax' }, dense]))).toBe('logits');
  expect(scoreKind(chainOf([4], [dense, activation('sigmoid')]))).toBe('logits');
  expect(scoreKind(chainOf([4], [dense, { kind: 'logSoftmax' }]))).toBe('logits');
});

test('images are counted, none where nothing was run', () => {
  expect(imageCount(logits([1, 2, 3], [4, 5, 6]))).toBe(2);
  expect(imageCount({ classes: 0, scores: new Float32Array(), kind: 'logits' })).toBe(0);
});
