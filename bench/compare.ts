/**
 * Runs benchmarks of this working tree and of another commit in turns, so that whatever else the machine does hits
 * both alike, and prints the ratio of their medians, number by number.
 * Run: npx tsx bench/compare.ts REVISION [--rounds N] BENCHMARK [ARGUMENTS] [-- BENCHMARK [ARGUMENTS] …]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { median, writeResult } from './harness';
import { checkOut, root, type Side } from './revision';

/** Every number of a result by its path; those of lists are taken together as their median. */
function numbersOf(value: unknown, path = ''): Map<string, number> {
  if (typeof value === 'number') return new Map([[path, value]]);
  // Tables are written as they are printed, numbers as texts.
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return new Map([[path, Number(value)]]);
  if (Array.isArray(value)) {
    const parts = value.map((part) => numbersOf(part, path));
    const names = new Set(parts.flatMap((part) => [...part.keys()]));
    return new Map([...names].map((name) => [name, median(parts.flatMap((part) => part.get(name) ?? []))]));
  }
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, part]) => [...numbersOf(part, path ? `${path}.${key}` : key)]),
  );
}

/** Runs one benchmark of one side and reads what it wrote. */
function run({ name, folder }: Side, [benchmark, ...args]: readonly string[]): Map<string, number> {
  const result = join(folder, 'bench', 'results', `${benchmark}.json`);
  rmSync(result, { force: true });
  const { status } = spawnSync('npx', ['tsx', `bench/${benchmark}.ts`, ...args], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0 || !existsSync(result)) throw new Error(`bench/${benchmark} of ${name} gave no result`);
  return numbersOf(JSON.parse(readFileSync(result, 'utf8')));
}

function compare(before: Side, now: Side, task: readonly string[], rounds: number): object {
  const found = { before: [] as Map<string, number>[], now: [] as Map<string, number>[] };
  for (let round = 0; round < rounds; round++) {
    const turns = [() => found.before.push(run(before, task)), () => found.now.push(run(now, task))];
    // Who comes first alternates.
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
  }
  const middle = (runs: readonly Map<string, number>[], name: string) =>
    median(runs.flatMap((own) => own.get(name) ?? []));
  const names = [...found.now[0]!.keys()].filter((name) => found.before[0]!.has(name));
  const rows = Object.fromEntries(
    names.map((name) => {
      const [was, is] = [middle(found.before, name), middle(found.now, name)];
      return [name, { before: was, now: is, ratio: Number((is / was).toFixed(3)) }];
    }),
  );
  console.log(`\nbench/${task.join(' ')}: median of ${rounds} rounds, ${before.name} and now`);
  console.table(rows);
  return rows;
}

function main(): void {
  const [revision, ...given] = process.argv.slice(2);
  if (!revision || given.length === 0) {
    console.log(
      'Usage: npx tsx bench/compare.ts REVISION [--rounds N] BENCHMARK [ARGUMENTS] [-- BENCHMARK …]',
    );
    process.exitCode = 1;
    return;
  }
  const hasRounds = given[0] === '--rounds';
  const rounds = hasRounds ? Number(given[1]) : 3;
  const tasks = given
    .slice(hasRounds ? 2 : 0)
    .join('\u0000')
    .split('\u0000--\u0000')
    .map((task) => task.split('\u0000'));
  mkdirSync(join(root, 'bench', 'results'), { recursive: true });
  const sides = [checkOut(revision), { name: 'now', folder: root }] as const;
  const results = tasks.map((task) => [task.join(' '), compare(...sides, task, rounds)]);
  writeResult('compare', { before: sides[0].name, rounds, results: Object.fromEntries(results) });
}

main();
