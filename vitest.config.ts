import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.{ts,tsx}',
      'workers/**/*.test.ts',
      'cli/**/*.test.ts',
      'scripts/**/*.test.ts',
      'samples/**/*.test.ts',
    ],
    // Correctness runs on shared machines: a slow machine must never fail a test.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
