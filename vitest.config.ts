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

/** Mathematics and plain data, which keep nothing of their own: their modules are loaded once for all of their tests. */
const pure = ['linalg', 'enc', 'network', 'answers', 'compression', 'project'].map(
  (folder) => `src/${folder}/**/*.test.ts`,
);

export default defineConfig({
  plugins: process.env['REFUSALS'] ? [notedRefusals] : [],
  test: {
    setupFiles: process.env['REFUSALS'] ? ['scripts/refusals/record.ts'] : [],
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
