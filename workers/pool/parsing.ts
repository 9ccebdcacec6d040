import type { NamedFile } from '../../src/formats/file';
import { FailureError, outcomeOf, unwrap, type Outcome } from '../../src/network/failure';
import type { ParseService } from '../protocol/parse';
import { untilAborted } from './cancellation';
import { parserLost } from './remoteService';
import { isLoss, studioClosed } from './threads';

/** The parsers, wherever they run. */
export interface Parser {
  readonly service: ParseService;
  /** Throws the parsers away; a call that is under way fails with the reason. */
  close(reason: FailureError): void;
}

const done = new FailureError('cancelled', 'The files were read.');

/**
 * Seconds that any files may take, that a million bytes and that a file add, and that none may exceed. A small file may
 * stand for much: one of 10 kB that says how its 143 million weights are filled took more than 30 seconds where
 * others used the processor and new memory was dear. Whoever does not want to wait can cancel.
 */
const seconds = { any: 120, perMegabyte: 2, perFile: 0.02, most: 1800 };

/**
 * How long reading files may take: many times what a slow processor needs, since a parser that needs longer is going
 * round in circles.
 *
 * @returns whole seconds
 */
export function secondsFor(files: readonly NamedFile[]): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const wanted = seconds.any + (bytes / 1e6) * seconds.perMegabyte + files.length * seconds.perFile;
  return Math.ceil(Math.min(wanted, seconds.most));
}

/** Seconds that a thread may take to start, which is no fault of the files, however busy the machine is. */
const secondsToStart = 120;

/** Parsers that one set of files may cost. */
const maxLosses = 2;

function namesOf([first, ...others]: readonly NamedFile[]): string {
  return first ? `${first.name}${others.length > 0 ? ` and ${others.length} more` : ''}: ` : '';
}

function stopped(files: readonly NamedFile[], parsers: number): FailureError {
  return new FailureError(
    'unreadable-file',
    `${namesOf(files)}expected to be read, found that ${parsers} readers stopped over it, most likely for lack of memory; it may be damaged or too large, so copy it again or open a part of it.`,
  );
}

function tooLong(files: readonly NamedFile[], limit: number): FailureError {
  return new FailureError(
    'unreadable-file',
    `${namesOf(files)}expected to be read within ${limit} seconds at this size, found no end and stopped reading; the file may be damaged, so copy or export it again.`,
  );
}

/** Opens parsers for one set of files at a time. */
export class Parsing {
  private spare: Parser | null = null;
  private keepsSpare = false;
  private isClosed = false;
  private readonly running = new Set<Parser>();

  /** @param reuses whether parsers that answered without a fault read the next files, too */
  constructor(
    private readonly openParser: () => Parser,
    private readonly reuses = false,
  ) {}

  /** Gets parsers ready, now and whenever some were used, so that files need not wait until they have started. */
  prepare(): void {
    this.keepsSpare = true;
    this.spare ??= this.openParser();
  }

  /**
   * Runs a step with parsers that read nothing else meanwhile. They end with it, with the signal, or when it takes
   * longer than the files should. Where they die, others try once more: a thread may die for what is not the files'
   * fault.
   */
  run<T>(
    signal: AbortSignal,
    files: readonly NamedFile[],
    step: (service: ParseService) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    let current: Parser | null = null;
    const work = outcomeOf(async () => {
      for (let losses = 1; ; losses++) {
        current = this.takeParser();
        try {
          return await this.attempt(current, signal, files, step);
        } catch (error) {
          if (!isLoss(error) || signal.aborted || this.isClosed) throw error;
          if (losses === maxLosses) throw stopped(files, losses);
        }
      }
    });
    return untilAborted(signal, () => current?.close(done), work);
  }

  /** Ends every parser; calls that are under way settle as cancelled. */
  close(): void {
    this.isClosed = true;
    this.keepsSpare = false;
    this.spare?.close(done);
    this.spare = null;
    for (const parser of this.running) parser.close(studioClosed());
  }

  private takeParser(): Parser {
    const parser = this.spare ?? this.openParser();
    this.spare = null;
    this.running.add(parser);
    return parser;
  }

  private async attempt<T>(
    parser: Parser,
    signal: AbortSignal,
    files: readonly NamedFile[],
    step: (service: ParseService) => Promise<Outcome<T>>,
  ): Promise<T> {
    const limit = secondsFor(files);
    let deadline = setTimeout(() => parser.close(parserLost()), secondsToStart * 1000);
    let isSound = false;
    try {
      await parser.service.ready();
      clearTimeout(deadline);
      deadline = setTimeout(() => parser.close(tooLong(files, limit)), limit * 1000);
      const value = unwrap(await step(parser.service));
      isSound = true;
      return value;
    } finally {
      clearTimeout(deadline);
      this.finished(parser, isSound && !signal.aborted);
    }
  }

  /** A library that a file has broken may answer wrongly from then on. */
  private finished(parser: Parser, isSound: boolean): void {
    this.running.delete(parser);
    if (this.reuses && this.keepsSpare && isSound && !this.spare) this.spare = parser;
    else parser.close(done);
    // Not before: starting one beside a reading one slows the reading down.
    if (this.keepsSpare) this.prepare();
  }
}
