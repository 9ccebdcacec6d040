import { expect, it } from 'vitest';
import { parsePreprocessing } from './preprocessing';

const expected = 'expected numbers that leave something of a pixel, found';

it.each([
  [{ scale: '0' }, `--scale: ${expected} 0; give some of up to 1,000,000, and none below a millionth.`],
  [
    { scale: '1e300' },
    `--scale: ${expected} 1e+300; give some of up to 1,000,000, and none below a millionth.`,
  ],
  [
    { scale: '1,1,1e-7' },
    `--scale: ${expected} 1e-7; give some of up to 1,000,000, and none below a millionth.`,
  ],
  [{ mean: '-1e300' }, `--mean: ${expected} -1e+300; give some of up to 1,000,000.`],
])('numbers that leave nothing of a picture are refused: %j', (options, sentence) => {
  expect(() => parsePreprocessing(options, [8, 8, 3])).toThrow(sentence);
});

it.each([{ mean: '' }, { mean: '1,,2' }, { scale: '1,2' }, { scale: 'NaN' }])(
  'no numbers are refused: %j',
  (options) => {
    expect(() => parsePreprocessing(options, [8, 8, 3])).toThrow(
      /expected one number or 3, separated by commas/,
    );
  },
);

it('a negative scale turns pictures round', () => {
  expect(parsePreprocessing({ scale: '-0.01', mean: '0' }, [8, 8, 1]).scale).toEqual([-0.01]);
});
