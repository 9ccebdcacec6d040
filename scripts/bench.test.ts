import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sections } from '../bench/sections';

const folder = fileURLToPath(new URL('../bench/', import.meta.url));
/** What benchmarks are made with, and what compares commits. */
const tools = new Set(['compare', 'harness', 'python', 'revision', 'run', 'sections', 'turns']);

it('every benchmark is a section of one command, and the folder’s page explains it', () => {
  const files = readdirSync(folder).flatMap((name) => /^(\w+)\.ts$/.exec(name)?.[1] ?? []);
  expect(sections.map(({ file }) => file).sort()).toEqual(files.filter((file) => !tools.has(file)).sort());
  expect(new Set(sections.map(({ name }) => name)).size).toBe(sections.length);
  const page = readFileSync(`${folder}README.md`, 'utf8');
  for (const { name, file } of sections) {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`${file}\\.ts\` +\\|`, 'm'));
  }
});
