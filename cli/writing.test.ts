import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { requireWritable, writeTogether, writeWhole } from './writing';

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

test('files that belong together get their names when all are whole', async () => {
  const own = mkdtempSync(join(folder, 'together-'));
  const files = ['a', 'b', 'none/c'].map((name) => ({ path: join(own, name), content: 'new' }));
  writeFileSync(files[0]!.path, 'old');
  await expect(writeTogether(files)).rejects.toThrow(/none\/c: expected a place that can be written to/);
  expect(readdirSync(own)).toEqual(['a']);
  expect(readFileSync(files[0]!.path, 'utf8')).toBe('old');
  await writeTogether(files.slice(0, 2));
  expect(readdirSync(own)).toEqual(['a', 'b']);
});

test('what a process of this machine that is gone had written aside is cleared away, and nothing else', async () => {
  const own = mkdtempSync(join(folder, 'aside-'));
  const probe = join(own, 'probe.txt');
  const names: string[] = [];
  const watcher = watch(own, (_, name) => name && names.push(name));
  await writeWhole(probe, 'x'.repeat(1e6));
  await expect.poll(() => names.find((name) => name.endsWith('.part'))).toBeDefined();
  watcher.close();
  const aside = names.find((name) => name.endsWith('.part'))!;
  expect(aside).toContain(`-${process.pid}-`);
  const [ours, theirs] = [aside, aside.replace(/\.[0-9a-f]{8}-/, '.00000000-')];
  const gone = aside.replace(`-${process.pid}-`, '-2147483646-');
  const second = mkdtempSync(join(folder, 'aside-'));
  for (const name of [ours, theirs.replace(`-${process.pid}-`, '-2147483646-'), gone, '.other.part'])
    writeFileSync(join(second, name), 'half');
  await writeWhole(join(second, 'new.txt'), 'new');
  expect(readdirSync(second).sort()).toEqual(
    [ours, theirs.replace(`-${process.pid}-`, '-2147483646-'), '.other.part', 'new.txt'].sort(),
  );
});

test.each([
  ['a file', 'fresh.json', false],
  ['a file that is there', 'kept.json', false],
  ['a folder that is there', 'kept', true],
  ['a folder that is missing, with those around it', 'deep/er/folder', true],
])('%s can be written, which leaves nothing behind', async (_, name, isFolder) => {
  const own = mkdtempSync(join(folder, 'able-'));
  mkdirSync(join(own, 'kept'));
  writeFileSync(join(own, 'kept.json'), 'kept');
  await requireWritable(join(own, name), isFolder);
  expect(readdirSync(own).sort()).toEqual(['kept', 'kept.json']);
  expect(readFileSync(join(own, 'kept.json'), 'utf8')).toBe('kept');
});

test.each([
  ['a file in a folder that is missing', 'none/file.json', false, 'ENOENT'],
  ['a file where a folder is', 'kept', false, 'EISDIR'],
  ['a folder where a file is', 'kept.json', true, 'ENOTDIR'],
  ['a file below a file', 'kept.json/file', false, 'ENOTDIR'],
])('%s is refused before any work', async (_, name, isFolder, code) => {
  const own = mkdtempSync(join(folder, 'unable-'));
  mkdirSync(join(own, 'kept'));
  writeFileSync(join(own, 'kept.json'), 'kept');
  await expect(requireWritable(join(own, name), isFolder)).rejects.toThrow(
    `expected a place that can be written to, found none (${code}); check the path and the room left.`,
  );
});
