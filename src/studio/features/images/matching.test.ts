import { expect, it } from 'vitest';
import { matchingText } from './matching';

it('says how classes were matched, and nothing without labels', () => {
  const labels = Int32Array.of(0, 1);
  expect(matchingText({ fingerprint: 'a', labels, matching: { by: 'order', file: null } })).toBe(
    'classes by order',
  );
  expect(matchingText({ fingerprint: 'a', labels, matching: { by: 'names', file: null } })).toBe(
    'classes by name',
  );
  expect(matchingText({ fingerprint: 'a', labels, matching: { by: 'names', file: 'classes.txt' } })).toBe(
    'classes by name in classes.txt',
  );
  expect(matchingText({ fingerprint: 'a', labels, matching: { by: 'mapping', file: 'map.csv' } })).toBe(
    'classes by mapping map.csv',
  );
  expect(matchingText({ fingerprint: 'a', labels: null, matching: null })).toBeNull();
});

it('says which order it was where there are several', () => {
  const labels = Int32Array.of(0, 1);
  const reading = { column: null, labels, classNames: null, matching: { by: 'order', file: null } } as const;
  const readings = [
    { ...reading, order: 'numeric', fingerprint: 'a' },
    { ...reading, order: 'text', fingerprint: 'b' },
  ] as const;
  const images = { labels, matching: reading.matching, labelChoices: { readings, table: null, notes: [] } };
  expect(matchingText({ ...images, fingerprint: 'b' })).toBe('classes: sorted as text');
  const other = { ...readings[1], column: 'sex' };
  const choices = { readings: [readings[0], other], table: null, notes: [] };
  expect(matchingText({ ...images, fingerprint: 'a', labelChoices: choices })).toBe('classes by order');
});
