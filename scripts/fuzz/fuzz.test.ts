import { describe, expect, it } from 'vitest';
import { openParser } from '../../cli/parser';
import { fuzzedFormats } from './formats';
import { fuzz } from './fuzz';

/** Few of each, so that every test run takes them: SECURITY.md has the figures of long runs. */
const mutants = 300;

describe('mutants of every kind of file end in what was read or in a sentence', () => {
  it.each(Object.keys(fuzzedFormats))('%s', async (format) => {
    const report = await fuzz(
      format,
      () => openParser([]),
      1,
      (done) => done < mutants,
    );
    expect(report.others).toEqual([]);
    expect(report.mutants).toBe(mutants);
    expect(report.read + report.same + report.refused + report.stopped).toBe(mutants);
    // One that always refuses would find nothing.
    expect(report.read + report.same).toBeGreaterThan(0);
  });
});
