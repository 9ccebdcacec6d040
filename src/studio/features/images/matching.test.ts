import { expect, it } from 'vitest';
import { matchingText } from './matching';

it('says how classes were matched, and nothing without labels', () => {
  const labels = Int32Array.of(0, 1);
  expect(matchingText({ labels, matching: { by: 'order', file: null } })).toBe('classes by order');
  expect(matchingText({ labels, matching: { by: 'names', file: null } })).toBe('classes by name');
  expect(matchingText({ labels, matching: { by: 'names', file: 'classes.txt' } })).toBe(
    'classes by name in classes.txt',
  );
  expect(matchingText({ labels, matching: { by: 'mapping', file: 'map.csv' } })).toBe(
    'classes by mapping map.csv',
  );
  expect(matchingText({ labels: null, matching: null })).toBeNull();
});
