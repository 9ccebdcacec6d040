import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Notes every refusal that a test provokes, for the list in the help; see scripts/refusals. */
const notedRefusals: Plugin = {
  name: 'noted-refusals',
  enforce: 'pre',
  transform(code, id) {
    if (/src\/network\/failure\.ts$/.test(id))
      return code.replace('this.code = code;', 'this.code = code; globalThis.noteRefusal?.(this);');
    if (!code.includes('throw new CannotCompute(reason);')) return null;
    const noted = 'const error = new CannotCompute(reason); globalThis.noteRefusal?.(error); throw error;';
    return code.replace('throw new CannotCompute(reason);', noted);
  },
};

const longer = Number(process.env['LONGER'] ?? 1);
const otherSeeds = Number(process.env['SEEDS'] ?? 0);

/**
 * Has tests of random cases try LONGER times as many, and those that always draw the same ones others, by SEEDS: what
 * a run of all tests has no time for. Those without options of their own see scripts/longerTests.ts.
 */
const longerTests: Plugin = {
  name: 'longer-tests',
  enforce: 'pre',
  transform(code, id) {
    if (!/\.test\.tsx?$/.test(id)) return null;
    return code
      .replace(/numRuns: (\w+)/g, `numRuns: ${longer} * $1`)
      .replace(/(numRuns: [\w* ]+,\s*seed: )(\d+)/g, `$1${otherSeeds} + $2`);
  },
};

const isLonger = longer !== 1 || otherSeeds !== 0;
const isNoting = Boolean(process.env['REFUSALS']);

/** Mathematics and plain data, which keep nothing of their own: their modules are loaded once for all of their tests. */
const pure = ['linalg', 'enc', 'network', 'answers', 'compression', 'project'].map(
  (folder) => `src/${folder}/**/*.test.ts`,
);

export default defineConfig({
  plugins: [...(isNoting ? [notedRefusals] : []), ...(isLonger ? [longerTests] : [])],
  test: {
    setupFiles: [
      ...(isNoting ? ['scripts/refusals/record.ts'] : []),
      ...(isLonger ? ['scripts/longerTests.ts'] : []),
    ],
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: {
          name: 'other',
          include: [
            'src/**/*.test.{ts,tsx}',
            'workers/**/*.test.ts',
            'cli/**/*.test.ts',
            'scripts/**/*.test.ts',
            'samples/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...pure],
        },
      },
    ],
    // Correctness runs on shared machines: a slow machine must never fail a test.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 600_000 } },
    maxWorkers: 2,
    // Commands must not find what earlier tests computed.
    env: { ENC_CACHE: 'off' },
  },
});
