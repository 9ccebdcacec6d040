import { expect, test } from 'vitest';
import { countAgreeing, isSameClass } from './agreement';
import { logits } from './testing/rows';
import { topClass } from './topClasses';

const countAlike = (a: ReturnType<typeof logits>, b: ReturnType<typeof logits>) =>
  countAgreeing(topClass(a), topClass(b));

test('compares the classes that are answered, not the scores', () => {
  expect(countAlike(logits([1, 0], [0, 1], [3, 2]), logits([5, 1], [9, 1], [1, 0]))).toBe(2);
  const answers = logits([0.1, 2, -1], [5, 5, 1], [NaN, NaN, NaN], [-3, -2, -1]);
  expect(countAlike(answers, logits([0, 9, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]))).toBe(2);
});

test('an image without an answer never agrees, not even with itself', () => {
  const answers = logits([NaN, NaN], [NaN, 1]);
  expect(countAlike(answers, answers)).toBe(1);
  expect(isSameClass(-1, -1)).toBe(false);
});

test('refuses lists of different lengths', () => {
  expect(() => countAlike(logits([1, 0]), logits([1, 0], [1, 0]))).toThrow('predictions');
});
