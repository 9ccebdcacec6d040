import { expect, it } from 'vitest';
import { closenessOf } from './closeness';
import type { ScoreKind, Scores } from './scores';

const answers = (rows: readonly (readonly number[])[], kind: ScoreKind = 'logits'): Scores => ({
  classes: rows[0]!.length,
  scores: Float32Array.from(rows.flat()),
  kind,
});

/** Whether one run passes for another. */
function passes(a: Scores, b: Scores): boolean {
  const { different, reordered } = closenessOf(a, b);
  return different === 0 && reordered === 0;
}

it.each([1e-6, 1, 300, 1e6])('is relative to scores of the size %d', (size) => {
  const own = answers([[size, -size / 3, size / 7]]);
  const by = (share: number) => answers([[size, -size / 3 + share * size, size / 7]]);
  expect(passes(own, by(2e-6))).toBe(true);
  expect(passes(own, by(9e-5))).toBe(true);
  expect(passes(own, by(1.2e-4))).toBe(false);
});

it('says the greatest difference and what it is to be seen against', () => {
  const { largestDifference, largestScore } = closenessOf(answers([[-300, 20]]), answers([[-299.5, 20]]));
  expect([largestDifference, largestScore]).toEqual([0.5, 300]);
});

it('lets one image’s great scores excuse no other image', () => {
  const rows = Array.from({ length: 64 }, () => [1, 0]);
  const outlier = rows.with(0, [1000, 0]);
  expect(closenessOf(answers(outlier), answers(outlier.with(5, [1.01, 0]))).different).toBe(1);
});

it('holds an image whose scores are small to the size of the others', () => {
  const rows = Array.from({ length: 8 }, () => [100, 0]);
  const quiet = rows.with(3, [2e-3, 1e-3]);
  expect(passes(answers(quiet), answers(rows.with(3, [2.5e-3, 1e-3])))).toBe(true);
});

it('counts an image whose class changes, unless its two scores are a tie', () => {
  // Each score moves by a share of 4e-5, which is allowed; the order of the first two changes.
  const reordered = closenessOf(answers([[1, 1 - 6e-5]]), answers([[1 - 4e-5, 1 - 2e-5]]));
  expect(reordered).toMatchObject({ different: 0, reordered: 1 });
  expect(passes(answers([[1, 1 - 1e-6]]), answers([[1 - 1e-6, 1]]))).toBe(true);
});

it('finds what is no number different, also where both runs have it', () => {
  const broken = answers([[NaN, 1]]);
  expect(closenessOf(broken, broken)).toMatchObject({ different: 1, largestDifference: Infinity });
  expect(closenessOf(answers([[1, 0]]), broken)).toMatchObject({ different: 1, reordered: 1 });
  const endless = answers([
    [Infinity, 1],
    [2, 1],
  ]);
  expect(
    closenessOf(
      endless,
      answers([
        [Infinity, 1],
        [3, 1],
      ]),
    ),
  ).toMatchObject({ different: 2 });
});

it('lets probabilities differ as rounding of their logits makes them', () => {
  const softmax = (logits: readonly number[]) => {
    const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  };
  const of = (...logits: number[]) => answers([softmax(logits)], 'probabilities');
  // Logits of 300 that are rounded by 3e-6 of their size differ by 1e-3, and their probabilities by 2e-4.
  expect(passes(of(300, 299, 10), of(300, 299.001, 10))).toBe(true);
  expect(passes(of(3, 2, 0), of(3, 2.01, 0))).toBe(false);
  expect(passes(of(3, 2, 0), of(3, 2.00001, 0))).toBe(true);
});

it('finds no images alike', () => {
  const none = { classes: 0, scores: new Float32Array(0), kind: 'logits' } as const;
  expect(closenessOf(none, none)).toEqual({
    largestDifference: 0,
    largestScore: 0,
    different: 0,
    reordered: 0,
  });
  expect(() => closenessOf(answers([[1, 2]]), answers([[1], [2]]))).toThrow('classes');
});

it('allows what a level more or less makes of a score, and classes that change places by two of them', () => {
  const own = answers([[1, 0.5, 0]]);
  const other = answers([[1, 0.8, 0]]);
  expect(closenessOf(own, other, 0.31)).toMatchObject({ different: 0, reordered: 0 });
  expect(closenessOf(own, other, 0.29).different).toBe(1);
  const turned = answers([[0.75, 0.8, 0]]);
  expect(closenessOf(own, turned, 0.31)).toMatchObject({ different: 0, reordered: 0 });
  expect(closenessOf(own, answers([[0.4, 1.1, 0]]), 0.24)).toMatchObject({ different: 1, reordered: 1 });
});
