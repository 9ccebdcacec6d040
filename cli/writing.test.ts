import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeWhole } from './writing';

const folder = mkdtempSync(join(tmpdir(), 'enc-writing-'));
afterAll(() => rmSync(folder, { recursive: true }));
const text = (name: string) => readFileSync(join(folder, name), 'utf8');

test('files are whole at any moment, whoever else writes them', async () => {
  const contents = Array.from({ length: 20 }, (_, index) => `${index} `.repeat(200_000));
  const path = join(folder, 'shared.txt');
  await writeWhole(path, contents[0]!);
  let isDone = false;
  const writing = Promise.all(contents.map((content) => writeWhole(path, content))).then(
    () => (isDone = true),
  );
  do {
    expect(contents).toContain(text('shared.txt'));
    await new Promise(setImmediate);
  } while (!isDone);
  await writing;
  expect(readdirSync(folder)).toEqual(['shared.txt']);
});

test('a link stays, and what it points to is written', async () => {
  writeFileSync(join(folder, 'target.txt'), 'old');
  symlinkSync(join(folder, 'target.txt'), join(folder, 'link.txt'));
  await writeWhole(join(folder, 'link.txt'), 'new');
  expect(text('target.txt')).toBe('new');
});

test('a place that cannot be written to is named, and nothing is left beside it', async () => {
  await expect(writeWhole(join(folder, 'none', 'file.txt'), 'x')).rejects.toThrow(
    /none\/file\.txt: expected a place that can be written to, found none \(ENOENT\)/,
  );
  await expect(writeWhole(folder, 'x')).rejects.toThrow(/expected a place/);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});
