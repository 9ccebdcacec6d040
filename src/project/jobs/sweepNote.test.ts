import { expect, test } from 'vitest';
import { initialProject } from '../state';
import { sweep } from './sweep';

test('a paused sweep says whether what it has measured is saved', () => {
  expect(sweep.pause?.details(initialProject)).toBe('0 points are measured and saved.');
  const problem = { ...initialProject, storageProblem: 'Expected to keep …' };
  expect(sweep.pause?.details(problem)).toBe(
    '0 points are measured, but not saved: closing the page loses them.',
  );
});
