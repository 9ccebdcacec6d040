import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meanProbability, probabilities } from './probabilities';
import { logits, probabilityRows } from './testing/rows';
import { topClasses } from './topClasses';

describe('probabilities', () => {
  test('add up to 1 and rank like the scores', () => {
    const answers = logits([1, 3, 2], [100, -100, 0]);
    const values = probabilities(answers);
    expect(values[0]! + values[1]! + values[2]!).toBeCloseTo(1, 6);
    expect([...topClasses(answers, 2).subarray(0, 2)]).toEqual([1, 2]);
    expect(values[1]!).toBeCloseTo(Math.E ** 2 / (Math.E ** 2 + Math.E + 1), 6);
  });

  test('are the softmax of logits and the scores of a network that ends in one', () => {
    expect([...probabilities(logits([100, -100]))]).toEqual([1, Math.exp(-200)]);
    expect([...probabilities(probabilityRows([0.25, 0.75]))]).toEqual([0.25, 0.75]);
  });

  test('of logits that happen to look like probabilities are their softmax all the same', () => {
    const [first, second] = probabilities(logits([0.25, 0.75]));
    expect(second! / first!).toBeCloseTo(Math.exp(0.5), 12);
  });

  test('of a softmax are not made again where its row is off 1', () => {
    expect([...probabilities(probabilityRows([0.25, 0.5]))]).toEqual([0.25, 0.5]);
  });

  test('come out the same from logits and from their softmax', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2, maxLength: 9 }),
        (row) => {
          const values = probabilities(logits(row));
          probabilities(probabilityRows([...values])).forEach((value, c) =>
            expect(value).toBeCloseTo(values[c]!, 6),
          );
        },
      ),
    );
  });
});

describe('meanProbability', () => {
  test('averages over images', () => {
    expect(meanProbability(probabilityRows([0.25, 0.75], [0.5, 0.5]), [1, 0])).toBeCloseTo(0.625, 12);
  });

  test('counts 0 where there is no class, or no number', () => {
    expect(meanProbability(probabilityRows([0.5, 0.5], [0.25, 0.75], [0, 1]), [0, -1, 2])).toBeCloseTo(
      0.5 / 3,
      12,
    );
    expect(meanProbability(logits([NaN, 1]), [1])).toBe(0);
  });
});
