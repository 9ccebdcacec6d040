import { describe, expect, it } from 'vitest';
import type { Pool } from './graph';
import { resolvedPadding, windowOutput } from './window';
import { evenPadding, square } from './testing/builders';

const slide = { dilation: 1, before: 0, after: 0, roundUp: false };

describe('windowOutput', () => {
  it.each([
    [{ ...slide, input: 227, window: 11, stride: 4 }, 55],
    [{ ...slide, input: 32, window: 3, stride: 1, before: 1, after: 1 }, 32],
    [{ ...slide, input: 32, window: 3, stride: 2, before: 1, after: 1 }, 16],
    [{ ...slide, input: 32, window: 3, stride: 2, before: 0, after: 1 }, 16],
    [{ ...slide, input: 10, window: 3, stride: 1, dilation: 3 }, 4],
    [{ ...slide, input: 2, window: 3, stride: 1 }, 0],
  ])('of %o is %i', (window, expected) => {
    expect(windowOutput(window)).toBe(expected);
  });

  it.each([
    ['counts a partial last window', { ...slide, input: 112, window: 3, stride: 2 }, 56],
    ['changes nothing where windows fit exactly', { ...slide, input: 55, window: 3, stride: 2 }, 27],
    [
      'drops a last window that starts behind the input',
      { ...slide, input: 3, window: 2, stride: 4, before: 1, after: 1 },
      1,
    ],
    ['counts a window larger than the input', { ...slide, input: 2, window: 3, stride: 2 }, 1],
  ])('with roundUp %s', (_, window, expected) => {
    expect(windowOutput({ ...window, roundUp: true })).toBe(expected);
  });
});

describe('resolvedPadding', () => {
  const pool: Pool = {
    kind: 'pool',
    reduce: 'max',
    window: square(3),
    stride: square(2),
    padding: evenPadding(0),
    roundUp: true,
    includePadding: false,
  };

  it('adds what the last windows need at the bottom and the right', () => {
    expect(resolvedPadding(pool, [112, 113, 8])).toEqual({ top: 0, bottom: 1, left: 0, right: 0 });
  });

  it('is the padding itself where nothing is rounded', () => {
    expect(resolvedPadding({ ...pool, roundUp: false }, [112, 112, 8])).toEqual(evenPadding(0));
  });
});
