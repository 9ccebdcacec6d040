import { FailureError, outcomeOf, unwrap, type Outcome } from '../../src/network/failure';
import type { ParseService } from '../protocol/parse';
import { untilAborted } from './cancellation';
import { studioClosed } from './threads';

/** The parsers, wherever they run. */
export interface Parser {
  readonly service: ParseService;
  /** Throws the parsers away; a call that is under way fails with the reason. */
  close(reason: FailureError): void;
}

/** Ample for the largest networks; a parser that needs longer is going round in circles. */
const longest = 300_000;

const done = new FailureError('cancelled', 'The files were read.');
const tooLong = new FailureError(
  'unreadable-file',
  `Reading was stopped: expected these files to be read within ${longest / 60_000} minutes; they may be damaged or too large.`,
);

/** Opens parsers for one set of files at a time. */
export class Parsing {
  private spare: Parser | null = null;
  private keepsSpare = false;
  private readonly running = new Set<Parser>();

  constructor(private readonly openParser: () => Parser) {}

  /** Gets parsers ready, now and whenever some were used, so that files need not wait until they have started. */
  prepare(): void {
    this.keepsSpare = true;
    this.spare ??= this.openParser();
  }

  /** Runs a step with parsers of its own, which end with it, with the signal, or when it takes too long. */
  run<T>(signal: AbortSignal, step: (service: ParseService) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const parser = this.spare ?? this.openParser();
    this.spare = null;
    this.running.add(parser);
    const deadline = setTimeout(() => parser.close(tooLong), longest);
    const work = outcomeOf(async () => {
      try {
        return unwrap(await step(parser.service));
      } finally {
        clearTimeout(deadline);
        this.running.delete(parser);
        parser.close(done);
        // Not before: starting one beside a reading one slows the reading down.
        if (this.keepsSpare) this.prepare();
      }
    });
    return untilAborted(signal, () => parser.close(done), work);
  }

  /** Ends every parser; calls that are under way settle as cancelled. */
  close(): void {
    this.keepsSpare = false;
    this.spare?.close(done);
    this.spare = null;
    for (const parser of this.running) parser.close(studioClosed());
  }
}
