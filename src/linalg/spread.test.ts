import { expect, it } from 'vitest';
import { spreadOf } from './spread';

it('finds what NumPy’s percentiles 25, 50 and 75 are', () => {
  // numpy.percentile([7, 1, 4, 10], [25, 50, 75]) and of [3, 1, 2]
  expect(spreadOf([7, 1, 4, 10])).toEqual({ lowerQuartile: 3.25, median: 5.5, upperQuartile: 7.75 });
  expect(spreadOf([3, 1, 2])).toEqual({ lowerQuartile: 1.5, median: 2, upperQuartile: 2.5 });
});

it('is the value itself where there is one, and nothing where there is none', () => {
  expect(spreadOf([5])).toEqual({ lowerQuartile: 5, median: 5, upperQuartile: 5 });
  expect(spreadOf([]).median).toBeNaN();
});
