import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awkwardRow, logits } from './testing/rows';
import { topClass, topClasses } from './topClasses';

describe('topClass', () => {
  test('takes the first of equals and never NaN', () => {
    const answers = logits([0.1, 2, -1], [5, 5, 1], [NaN, NaN, NaN], [-3, -2, -1]);
    expect([...topClass(answers)]).toEqual([1, 0, -1, 2]);
    expect([...topClass(logits([1, 1, 0], [0, 2, 2]))]).toEqual([0, 1]);
  });

  test('is −1 only where no score is a number', () => {
    expect([...topClass(logits([NaN, NaN], [NaN, 1], [NaN, -Infinity], [-Infinity, -Infinity]))]).toEqual([
      -1, 1, 1, 0,
    ]);
  });

  test('of no images is empty', () => {
    expect([...topClass({ classes: 0, scores: new Float32Array(), kind: 'logits' })]).toEqual([]);
  });
});

describe('topClasses', () => {
  test('ranks by score, of equals the lower class first', () => {
    expect([...topClasses(logits([1, 3, 2, 3], [0, 0, 0, 0]), 3)]).toEqual([1, 3, 2, 0, 1, 2]);
  });

  test('fills up with −1 where fewer scores are numbers', () => {
    expect([...topClasses(logits([NaN, 3, NaN]), 2)]).toEqual([1, -1]);
    expect([...topClasses(logits([1, 2]), 3)]).toEqual([1, 0, -1]);
  });

  test('is what sorting gives', () => {
    fc.assert(
      fc.property(awkwardRow, fc.integer({ min: 1, max: 7 }), (row, top) => {
        const sorted = [...row.keys()]
          .filter((index) => !Number.isNaN(row[index]))
          .sort((a, b) => (row[a] === row[b] ? a - b : row[b]! > row[a]! ? 1 : -1));
        const expected = [...sorted, ...Array<number>(7).fill(-1)].slice(0, top);
        expect([...topClasses(logits(row), top)]).toEqual(expected);
      }),
    );
  });
});
