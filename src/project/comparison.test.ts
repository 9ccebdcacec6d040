import { expect, it } from 'vitest';
import type { Measurement } from './measurement';
import { compareMeasurements, comparisonText } from './comparison';

const measured = (answers: readonly number[]): Measurement => ({
  recipe: '',
  images: '',
  achieved: 1,
  count: answers.length,
  top1: 0,
  top5: 0,
  answers,
  methods: [],
});

it('takes an image without an answer for neither right nor alike', () => {
  const comparison = compareMeasurements(measured([-1, -1]), measured([-1, 0]), [-1, -1]);
  expect(comparison).toMatchObject({ onlyFirst: 0, onlySecond: 0, changed: 2 });
});

it('counts images that only one answers right, and those that changed', () => {
  const right = [0, 0, 0, 0, 1, 1];
  const comparison = compareMeasurements(measured([0, 0, 0, 1, 1, 2]), measured([0, 1, 1, 1, 1, 3]), right);
  expect(comparison).toMatchObject({
    onlyFirst: 2,
    onlySecond: 0,
    changed: 3,
    images: 6,
    isSignificant: false,
  });
  // Two of two heads: the exact two-sided probability.
  expect(comparison.chance).toBeCloseTo(0.5, 12);
  expect(comparisonText('A', 'B', comparison, 'top-1')).toMatch(
    /^A alone is right on 2 images, B alone on 0; not significant/,
  );
  expect(comparisonText('A', 'B', comparison, 'agreement')).toMatch(
    /^A alone answers as the original does on 2 images, B alone on 0; not significant/,
  );
  expect(comparisonText('A', 'B', { ...comparison, onlySecond: 2 }, 'agreement')).toBe(
    'A and B answer as the original does equally often, each alone on 2 images.',
  );
});

it('calls a difference significant that chance makes rarely', () => {
  const images = Array.from({ length: 20 }, () => 0);
  const comparison = compareMeasurements(
    measured(images.map((_, image) => (image < 10 ? 1 : 0))),
    measured(images),
    images,
  );
  expect(comparison).toMatchObject({ onlyFirst: 0, onlySecond: 10, isSignificant: true });
  expect(comparison.chance).toBeCloseTo(2 / 1024, 12);
  expect(comparisonText('A', 'B', comparison, 'top-1')).toContain('a significant difference (p = 0.002');
});
