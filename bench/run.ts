/**
 * Runs benchmarks by section, one after the other, each in a process of its own: `npm run bench [-- SECTION …]`, all of
 * them unless some are named. Every section prints its table and writes `bench/results/<file>.json`; at the end the
 * sections are listed with their time and what came of them. See bench/README.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { writeResult } from './harness';
import { sections, type Section } from './sections';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Ending {
  readonly section: string;
  readonly seconds: number;
  /** Processes that wanted to run, on average of a minute, before and after: above the number of cores others ran, too. */
  readonly load: readonly [number, number];
  readonly outcome: string;
}

function run({ name, file, result: given = file, args = [] }: Section): Ending {
  const result = `${root}bench/results/${given}.json`;
  rmSync(result, { force: true });
  const [before = 0] = loadavg();
  const start = performance.now();
  console.log(`\n— ${name} —`);
  const { status } = spawnSync('npx', ['tsx', `bench/${file}.ts`, ...args], { cwd: root, stdio: 'inherit' });
  const seconds = (performance.now() - start) / 1000;
  const [after = 0] = loadavg();
  return { section: name, seconds, load: [before, after], outcome: outcomeOf(status, result) };
}

function outcomeOf(status: number | null, result: string): string {
  if (status !== 0) return `failed (${status ?? 'killed'})`;
  return existsSync(result) && statSync(result).size > 0 ? result.slice(root.length) : 'skipped';
}

function main(): void {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    const known = sections.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n');
    console.error(`${unknown.join(', ')}: expected sections, found no such; choose of:\n${known}`);
    process.exitCode = 1;
    return;
  }
  const chosen = sections.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const endings = chosen.map(run);
  console.log('');
  console.table(
    endings.map(({ section, seconds, load, outcome }) => ({
      section,
      seconds: seconds.toFixed(1),
      load: load.map((own) => own.toFixed(1)).join(' → '),
      outcome,
    })),
  );
  writeResult('run', { endings });
  if (endings.some(({ outcome }) => outcome.startsWith('failed'))) process.exitCode = 1;
}

main();
