import type { BackendRequest } from '../../src/engine/backend';
import type { NamedFile } from '../../src/formats/file';
import type { OperatorTable } from '../../src/formats/models/operatorTable';
import type { SortedFiles } from '../../src/formats/sorting';
import { fail, FailureError, outcomeOf, unwrap, type Outcome } from '../../src/network/failure';
import { inputImage } from '../../src/network/inputImage';
import type { Reading } from '../../src/network/reading';
import { jobs } from '../jobs';
import type { JobPool } from '../jobs/job';
import type { Artefact } from '../protocol/artefacts';
import { factoriseKind } from '../protocol/factorise';
import type { CourseThread } from '../protocol/course';
import type { RunKind, RunSpec } from '../protocol/kinds';
import type { ParseService, ReadOptions, Wanted } from '../protocol/parse';
import type { OnProgress } from '../protocol/progress';
import type { StartedBackend, Studio } from '../protocol/studio';
import type { ImagesSummary, NetworkSummary } from '../protocol/summaries';
import { inThreadCourse } from '../service/course';
import { untilAborted } from './cancellation';
import { Parsing, type Parser } from './parsing';
import { Pool, type Job, type PoolOptions } from './pool';

export interface PooledStudioOptions extends PoolOptions {
  /** Makes parsers for one set of files. */
  readonly openParser: () => Parser;
  /** Opens a thread for courses of distillation; the one that asks for them where it is absent. */
  readonly openCourse?: () => CourseThread;
  /** Whether parsers that answered without a fault read the next files, too. */
  readonly reusesParsers?: boolean;
}

/** The studio over several threads that each hold the same networks and images. */
export class PooledStudio implements Studio {
  private readonly pool: Pool;
  private readonly parsing: Parsing;
  private readonly openCourse: () => CourseThread;
  private readonly networks = new Map<string, NetworkSummary>();
  private started: Promise<Outcome<StartedBackend>> | null = null;
  private jobs = 0;

  constructor(options: PooledStudioOptions) {
    this.pool = new Pool(options);
    this.parsing = new Parsing(options.openParser, options.reusesParsers);
    this.openCourse = options.openCourse ?? inThreadCourse;
  }

  start(request: BackendRequest): Promise<Outcome<StartedBackend>> {
    return (this.started ??= outcomeOf(async () => {
      this.parsing.prepare();
      const report = await this.pool.start(request);
      return { ...report, threads: this.pool.size };
    }));
  }

  operatorTable(signal: AbortSignal): Promise<Outcome<OperatorTable>> {
    return this.parsing.run(signal, [], (service) => service.operatorTable());
  }

  sortFiles(signal: AbortSignal, files: readonly NamedFile[]): Promise<Outcome<SortedFiles>> {
    return this.parsing.run(signal, files, (service) => service.sortFiles(files));
  }

  openNetwork(
    signal: AbortSignal,
    files: readonly NamedFile[],
    options: ReadOptions = {},
  ): Promise<Outcome<NetworkSummary>> {
    return this.open(signal, async () => {
      const parsed = unwrap(
        await this.parsing.run(signal, files, (service) => service.parseNetwork(files, options)),
      );
      const { network, summary } = parsed;
      await this.put({ kind: 'network', fingerprint: summary.fingerprint, network });
      this.networks.set(summary.fingerprint, summary);
      return summary;
    });
  }

  openImages(
    signal: AbortSignal,
    files: readonly NamedFile[],
    network: string | null = null,
    reading: Reading = {},
  ): Promise<Outcome<ImagesSummary>> {
    return this.open(signal, async () => {
      const wanted = network === null ? null : wantedBy(this.summaryOf(network));
      const parse = (service: ParseService) => service.parseImages(files, wanted, reading);
      const parsed = unwrap(await this.parsing.run(signal, files, parse));
      const { images, summary } = parsed;
      const readings = summary.labelChoices?.readings ?? [];
      await this.put({ kind: 'images', fingerprint: summary.fingerprint, images, readings });
      return summary;
    });
  }

  run<S extends RunSpec>(
    signal: AbortSignal,
    kind: RunKind<S>,
    task: S['task'],
    onProgress: OnProgress,
    onEvent: (event: S['event']) => void = () => undefined,
  ): Promise<Outcome<S['result']>> {
    const job = { id: `job-${++this.jobs}`, signal };
    const report: OnProgress = (progress) => {
      if (!signal.aborted) onProgress(progress);
    };
    const tell = (event: S['event']) => {
      if (!signal.aborted) onEvent(event);
    };
    const work = outcomeOf(() => this.runReaching(job, kind, task, report, tell));
    return untilAborted(signal, () => void this.pool.cancel(job.id), work);
  }

  closeFiles(closed: ReadonlySet<string>, open: ReadonlySet<string>): void {
    for (const fingerprint of closed) if (!open.has(fingerprint)) this.networks.delete(fingerprint);
    void this.pool.closeFiles(closed, open);
  }

  close(): void {
    this.pool.close();
    this.parsing.close();
  }

  /** Runs a job; where it wants a rank that estimated factors do not reach, once more with whole ones. */
  private async runReaching<S extends RunSpec>(
    job: Job,
    kind: RunKind<S>,
    task: S['task'],
    onProgress: OnProgress,
    onEvent: (event: S['event']) => void,
  ): Promise<S['result']> {
    try {
      return await this.runJob(job, kind, task, onProgress, onEvent);
    } catch (error) {
      const isShort = error instanceof FailureError && error.code === 'rank-not-reached';
      if (!isShort || job.signal.aborted) throw error;
    }
    await this.factoriseWhole(job, onProgress);
    return this.runJob(job, kind, task, onProgress, onEvent);
  }

  /** Has whole factors made in the place of estimated ones. */
  private async factoriseWhole(job: Job, onProgress: OnProgress): Promise<void> {
    const estimated = [...this.pool.artefacts].flatMap((artefact) =>
      artefact.kind === 'factors'
        ? artefact.factors.flatMap(({ layer, factorisation, asked: rank }) =>
            rank === undefined ? [] : [{ network: artefact.network, layer, factorisation, rank }],
          )
        : [],
    );
    for (const { network, ...layer } of estimated)
      await this.runJob(job, factoriseKind, { network, layers: [layer] }, onProgress, () => undefined);
  }

  /** Spread over the threads where the registry says how, else as one unit. */
  private runJob<S extends RunSpec>(
    job: Job,
    kind: RunKind<S>,
    task: S['task'],
    onProgress: OnProgress,
    onEvent: (event: S['event']) => void,
  ): Promise<S['result']> {
    const entry = jobs.find(kind.name);
    if (!entry) return this.pool.unit(job, kind, task, { onProgress, onEvent });
    return entry.run(this.poolOf(job), task, { onProgress, onEvent, signal: job.signal });
  }

  private poolOf(job: Job): JobPool {
    const { pool, openCourse } = this;
    const ignore = () => undefined;
    return {
      get threads() {
        return pool.size;
      },
      unit: (kind, task, hooks) => pool.unit(job, kind, task, hooks),
      run: (kind, task, onProgress = ignore, onEvent = ignore) =>
        this.runJob(job, kind, task, onProgress, onEvent),
      openCourse,
      put: (artefact) => pool.put(artefact),
      release: () => pool.cancel(job.id),
    };
  }

  private open<T>(signal: AbortSignal, work: () => Promise<T>): Promise<Outcome<T>> {
    return untilAborted(signal, () => undefined, outcomeOf(work));
  }

  private put(artefact: Artefact): Promise<void> {
    if (!this.started)
      throw new Error('PooledStudio: expected start() to have finished before files are opened');
    return this.pool.put(artefact);
  }

  private summaryOf(network: string): NetworkSummary {
    return (
      this.networks.get(network) ?? fail('invalid-request', 'The network is no longer open; open it again.')
    );
  }
}

/** What a network wants of images; null where its input is no image. */
function wantedBy({ input, classes, classNames = null }: NetworkSummary): Wanted | null {
  const image = inputImage(input.shape);
  return image && { ...image, classes, classNames };
}
