import type { NamedFile } from '../../src/formats/file';
import { createRandom } from '../../src/linalg/random';
import { FailureError, type Outcome } from '../../src/network/failure';
import { fingerprintNetwork } from '../../src/network/fingerprint';
import { Parsing, type Parser } from '../../workers/pool/parsing';
import { fuzzedFormats, type FuzzedFormat } from './formats';

/** What mutants of a format ended in. */
export interface FuzzReport {
  mutants: number;
  /** Networks, or sets of images, other than that of the whole files. */
  read: number;
  /** The same as of the whole files. */
  same: number;
  /** Failures with a code and a sentence. */
  refused: number;
  /** Reading that was stopped for its time or memory, with a sentence; refused, too. */
  stopped: number;
  /** Anything else: what happened, and the seed that makes the mutant again. */
  readonly others: { readonly seed: number; readonly error: string }[];
  /** Of the slowest mutant. */
  slowestMs: number;
}

const wanted = { height: 8, width: 8, channels: 3, classes: 10, classNames: null };
const { signal: never } = new AbortController();

/**
 * Reads mutants in threads that end with the first fault.
 *
 * @param format a key of {@link fuzzedFormats}
 * @param firstSeed the mutants have this and the following seeds
 * @param goesOn asked before each mutant
 */
export async function fuzz(
  format: string,
  openParser: () => Parser,
  firstSeed: number,
  goesOn: (done: number) => boolean,
): Promise<FuzzReport> {
  const kind = fuzzedFormats[format]!;
  const lasting = lastingParsers(openParser);
  const parsing = new Parsing(lasting.open);
  const report: FuzzReport = {
    ...{ mutants: 0, read: 0, same: 0, refused: 0, stopped: 0, others: [], slowestMs: 0 },
  };
  const examples: (readonly NamedFile[])[] = [];
  const whole: string[] = [];
  for (const files of await kind.examples()) {
    const name = await outcomeOf(parsing, kind, files);
    // Some fixtures are networks that classify nothing.
    if (name === null) continue;
    examples.push(files);
    whole.push(name);
  }
  try {
    for (let seed = firstSeed; goesOn(report.mutants); seed++) {
      const random = createRandom(seed);
      const which = random.integer(examples.length);
      const files = kind.mutate(examples[which]!, random);
      const started = performance.now();
      try {
        const found = await outcomeOf(parsing, kind, files);
        if (found === null) report.refused++;
        else if (found === 'stopped') {
          report.stopped++;
          // Its parser is gone, or not to be trusted any more.
          lasting.close();
        } else if (found === whole[which]) report.same++;
        else report.read++;
      } catch (error) {
        const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
        report.others.push({ seed, error: trace });
      }
      report.mutants++;
      report.slowestMs = Math.max(report.slowestMs, performance.now() - started);
    }
  } finally {
    lasting.close();
  }
  return report;
}

/**
 * Parsers that read the next mutant, too, unless they were stopped or ended in an error: starting a thread takes as
 * long as reading hundreds.
 */
function lastingParsers(openParser: () => Parser): { open: () => Parser; close: () => void } {
  let current: Parser | null = null;
  const end = new FailureError('cancelled', 'The mutants were read.');
  const drop = () => {
    current?.close(end);
    current = null;
  };
  const open = (): Parser => {
    const parser = (current ??= openParser());
    const close = (reason: FailureError) => {
      if (reason.code === 'cancelled') return;
      parser.close(reason);
      if (current === parser) current = null;
    };
    return { service: parser.service, close };
  };
  return { open, close: drop };
}

/** What was read, as a name for it; null where it was refused. */
async function outcomeOf(
  parsing: Parsing,
  { reads }: FuzzedFormat,
  files: readonly NamedFile[],
): Promise<string | null> {
  if (reads === 'network') {
    // As the page and the command line do: what cannot be computed is refused where it is to be computed.
    const parsed = await parsing.run(never, files, (service) => service.parseNetwork(files, {}));
    return nameOf(parsed, ({ network }) => fingerprintNetwork(network));
  }
  const parsed = await parsing.run(never, files, (service) => service.parseImages(files, wanted, {}));
  return nameOf(parsed, ({ summary }) => summary.fingerprint);
}

function nameOf<T>(outcome: Outcome<T>, name: (value: T) => string): string | null {
  if (outcome.ok) return name(outcome.value);
  return /and stopped reading|readers stopped over it/.test(outcome.failure.message) ? 'stopped' : null;
}
