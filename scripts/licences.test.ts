import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { licenceTable } from './licenceTable';

it('the table of licences in SECURITY.md is that of the packages that are installed', () => {
  const text = readFileSync(new URL('../SECURITY.md', import.meta.url), 'utf8');
  const [head, ...rows] = licenceTable();
  const lines = text.split('\n');
  const start = lines.indexOf(head!);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  expect(lines.slice(start + 1, end)).toEqual(rows);
});

it('no package comes without a licence', () => {
  expect(licenceTable().filter((row) => row.includes('not stated'))).toEqual([]);
});
