import { expect, it } from 'vitest';
import { formatMilliseconds, measuredOnText, speedUpText } from './latencyText';

const spread = (lowerQuartile: number, median: number, upperQuartile: number) => ({
  lowerQuartile,
  median,
  upperQuartile,
});

it('says faster or slower only where half of the rounds agree', () => {
  expect(speedUpText(spread(1.7, 1.82, 1.9))).toBe('1.82× faster');
  expect(speedUpText(spread(0.7, 0.8, 0.9))).toBe('1.25× slower');
  expect(speedUpText(spread(0.98, 1.01, 1.03))).toBe('as fast');
  expect(speedUpText(spread(0.8, 1.4, 2.1))).toBe('unclear');
  expect(speedUpText(spread(11, 12.34, 13))).toBe('12.3× faster');
});

it('says what a time was measured on, and gives it three digits', () => {
  expect(measuredOnText({ runtime: 'WebAssembly', threads: 2 })).toBe('WebAssembly, 2 threads, this machine');
  expect(measuredOnText({ runtime: 'WebGPU', threads: 1 })).toBe('WebGPU, 1 thread, this machine');
  expect([2.909, 29.09, 290.9].map(formatMilliseconds)).toEqual([
    '2.91\u00a0ms',
    '29.1\u00a0ms',
    '291\u00a0ms',
  ]);
});
