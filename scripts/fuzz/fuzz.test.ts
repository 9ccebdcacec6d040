import { describe, expect, it } from 'vitest';
import { openParser } from '../../cli/parser';
import { fuzzedFormats } from './formats';
import { fuzz } from './fuzz';

/** Formats of which a run reads 2,000 mutants in a second or two. */
const quick: ReadonlySet<string> = new Set([
  ...['caffe', 'cifar10', 'cifar100', 'idx'],
  ...['npy', 'npz', 'gif', 'bmp', 'ppm'],
]);
/** Mutants of a format in one run: as many as every run has the time for. */
const mutantsOf = (format: string): number => (quick.has(format) ? 2000 : 300);
/** Runs on so many days in a row, each with mutants of its own, take 2,100 of every other format. */
const slices = 7;
/** By the day; FUZZ_SLICE repeats another day's. SECURITY.md has the figures of long runs. */
const slice = Number(process.env['FUZZ_SLICE'] ?? Math.floor(Date.now() / 86_400_000) % slices);
const cases = Object.keys(fuzzedFormats).map((format) => {
  const mutants = mutantsOf(format);
  return { format, mutants, firstSeed: 1 + mutants * slice };
});

describe('mutants of every kind of file end in what was read or in a sentence', () => {
  it.each(cases)(
    `$format, $mutants from seed $firstSeed (slice ${slice} of ${slices})`,
    async ({ format, mutants, firstSeed }) => {
      const report = await fuzz(
        format,
        () => openParser([]),
        firstSeed,
        (done) => done < mutants,
      );
      expect(report.others).toEqual([]);
      expect(report.mutants).toBe(mutants);
      expect(report.read + report.same + report.refused + report.stopped).toBe(mutants);
      // One that always refuses would find nothing.
      expect(report.read + report.same).toBeGreaterThan(0);
    },
  );
});
