import { expect, it } from 'vitest';
import { parseTyped, refusedText } from './numberRange';

const range = { min: 5, max: 95, unit: '%' };

it('takes what lies in the range, its ends included', () => {
  for (const [text, value] of [
    ['5', 5],
    [' 95 ', 95],
    ['30.5', 30.5],
    ['4.9', null],
    ['96', null],
    ['', null],
    ['NaN', null],
    ['1e9', null],
  ] as const)
    expect(parseTyped(text, range), text).toBe(value);
  expect(parseTyped('30.5', { ...range, isWhole: true })).toBeNull();
});

it('says what was expected, what was found, and what holds', () => {
  expect(refusedText('200', range, '50.0')).toBe(
    'Expected a number from 5 to 95\u00a0%, found 200; 50.0 stays.',
  );
  expect(refusedText('', { min: 0, max: 8, isWhole: true }, '4')).toBe(
    'Expected a whole number from 0 to 8, found nothing; 4 stays.',
  );
});
