import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProgram } from '../cli/program';

const root = new URL('../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');

test('what the Dockerfile copies is there, and what it starts is copied', () => {
  const copied = text('Dockerfile')
    .split('\n')
    .filter((line) => line.startsWith('COPY '))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));
  expect(copied.length).toBeGreaterThan(5);
  for (const path of copied) expect(existsSync(new URL(path, root)), path).toBe(true);
  expect(copied).toContain('deploy/enc');
  // What the command line imports from this repository lies in folders that are copied.
  const launcher = text('deploy/enc');
  expect(launcher).toContain('cli/enc.mjs');
});

test('job files call commands and options that there are', () => {
  const files = [
    'slurm/sweep.sbatch',
    'slurm/merge.sbatch',
    'kubernetes/sweep.yaml',
    'github-actions/sweep.yml',
    'parallel.sh',
  ];
  const known = createProgram().commands.flatMap(({ options }) => options.map(({ long }) => long));
  const schedulers = /^\s*(#|seq |- run: npm|array=|merge=)|npm ci|--will-cite/;
  for (const file of files) {
    const lines = text(`deploy/${file}`)
      .split('\n')
      .filter((line) => !schedulers.test(line));
    for (const [option] of lines.join('\n').matchAll(/(?<=\s|")--[a-z][a-z-]*/g))
      expect(known, file).toContain(option);
  }
});
