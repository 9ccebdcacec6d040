import fc from 'fast-check';

/** How many cases random tests try that say nothing of it: LONGER times a hundred, see vitest.config.ts. */
fc.configureGlobal({ numRuns: 100 * Number(process.env['LONGER'] ?? 1) });
