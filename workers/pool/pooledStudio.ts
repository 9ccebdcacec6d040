import type { BackendReport, BackendRequest } from '../../src/engine/backend';
import type { NamedFile } from '../../src/formats/file';
import type { OperatorTable } from '../../src/formats/models/operatorTable';
import type { SortedFiles } from '../../src/formats/sorting';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import { outcomeOf, unwrap, type Outcome } from '../../src/network/failure';
import type { Factorisation, Ranks } from '../../src/network/layers';
import type { OnProgress } from '../protocol/progress';
import type { Repaired, RepairTask } from '../protocol/repair';
import type { RaceRequest, RaceStanding } from '../protocol/race';
import type {
  Answers,
  ComputeService,
  EvaluationRequest,
  ExportedNetwork,
  ExportRequest,
  ImageSelection,
  ImagesSummary,
  NetworkSummary,
} from '../protocol/service';
import type { LayerSpectrum, Studio } from '../protocol/studio';
import type { SweepRequest } from '../protocol/sweep';
import { untilAborted } from './cancellation';
import { chunksOf, type Chunk } from './chunks';
import { Parsing, type Parser } from './parsing';
import { race } from './racing';
import { sweepOver } from './sweeping';
import { ThreadQueue, type Thread } from './threads';

type StartedBackend = BackendReport & { readonly threads: number };

/** Images that run together; a chunk is a whole number of them. */
const batchSize = 50;

/** The studio over several threads that each hold the same networks and images. */
export class PooledStudio implements Studio {
  private readonly queue = new ThreadQueue();
  private readonly parsing: Parsing;
  private started: Promise<Outcome<StartedBackend>> | null = null;
  private jobs = 0;

  /**
   * @param openThread makes a thread
   * @param threadLimit most threads to use where the backend computes on the processor
   * @param openParser makes parsers for one set of files
   */
  constructor(
    private readonly openThread: () => Thread,
    private readonly threadLimit: number,
    openParser: () => Parser,
  ) {
    this.parsing = new Parsing(openParser);
  }

  start(request: BackendRequest): Promise<Outcome<StartedBackend>> {
    return (this.started ??= outcomeOf(() => this.startThreads(request)));
  }

  openNetwork(signal: AbortSignal, files: readonly NamedFile[]): Promise<Outcome<NetworkSummary>> {
    const work = outcomeOf(async () => {
      const parsed = unwrap(await this.parsing.run(signal, (service) => service.parseNetwork(files)));
      const { threads } = this.queue;
      if (threads.length === 0) throw new Error(notStarted);
      await Promise.all(threads.map(async (thread) => unwrap(await thread.service.acceptNetwork(parsed))));
      return parsed.summary;
    });
    return untilAborted(signal, () => undefined, work);
  }

  operatorTable(signal: AbortSignal): Promise<Outcome<OperatorTable>> {
    return this.parsing.run(signal, (service) => service.operatorTable());
  }

  sortFiles(signal: AbortSignal, files: readonly NamedFile[]): Promise<Outcome<SortedFiles>> {
    return this.parsing.run(signal, (service) => service.sortFiles(files));
  }

  openImages(
    signal: AbortSignal,
    files: readonly NamedFile[],
    network: string | null = null,
  ): Promise<Outcome<ImagesSummary>> {
    return this.onEveryThread(signal, (thread) => thread.service.openImages(files, network));
  }

  factorise(
    signal: AbortSignal,
    network: string,
    layers: readonly { readonly layer: string; readonly factorisation: Factorisation }[],
    onSpectrum: (spectrum: LayerSpectrum) => void,
    onProgress: OnProgress,
  ): Promise<Outcome<null>> {
    let done = 0;
    const factoriseOne = ({ layer, factorisation }: { layer: string; factorisation: Factorisation }) =>
      this.queue.run('foreground', async (service) => {
        if (signal.aborted) return;
        const factors = unwrap(await service.factorise(network, layer, factorisation));
        if (signal.aborted) return;
        const others = this.queue.threads.filter((thread) => thread.service !== service);
        await Promise.all(others.map((thread) => thread.service.acceptFactors(network, [factors])));
        onSpectrum({ layer, factorisation, singularValues: factors.singularValues });
        onProgress({ stage: 'factorising', done: ++done, total: layers.length, unit: 'layers' });
      });
    const work = outcomeOf(async () => {
      await Promise.all(layers.map(factoriseOne));
      return null;
    });
    return untilAborted(signal, () => undefined, work);
  }

  evaluate(
    signal: AbortSignal,
    request: EvaluationRequest,
    onProgress: OnProgress,
  ): Promise<Outcome<Answers>> {
    const { indices } = request.selection;
    if (!indices) return Promise.resolve(missingIndices);
    const job = this.newJob();
    const done = new Map<Chunk, number>();
    const runChunk = (chunk: Chunk) =>
      this.queue.run('foreground', async (service) => {
        if (signal.aborted) return null;
        const selection = { ...request.selection, indices: indices.slice(chunk.from, chunk.to) };
        const onChunk: OnProgress = (progress) => {
          done.set(chunk, progress.done);
          const sum = [...done.values()].reduce((total, images) => total + images, 0);
          onProgress({ stage: 'evaluating', done: sum, total: indices.length, unit: 'images' });
        };
        return unwrap(await service.evaluate(job, { ...request, selection }, onChunk));
      });
    const work = outcomeOf(async () => {
      const chunks = chunksOf(indices.length, this.queue.threads.length, batchSize);
      return joined(await Promise.all(chunks.map(runChunk)));
    });
    return untilAborted(signal, () => this.cancel(job), work);
  }

  exportNetwork(
    signal: AbortSignal,
    request: ExportRequest,
    onProgress: OnProgress,
  ): Promise<Outcome<ExportedNetwork>> {
    const job = this.newJob();
    const work = this.queue.run('foreground', (service) => service.exportNetwork(job, request, onProgress));
    return untilAborted(signal, () => this.cancel(job), work);
  }

  sweep(
    signal: AbortSignal,
    request: SweepRequest,
    onPoint: (point: MeasuredPoint) => void,
    onProgress: OnProgress,
  ): Promise<Outcome<readonly MeasuredPoint[]>> {
    const job = this.newJob();
    const work = outcomeOf(() => sweepOver(this.queue, job, signal, request, onPoint, onProgress));
    return untilAborted(signal, () => this.cancel(job), work);
  }

  race(
    signal: AbortSignal,
    request: RaceRequest,
    onStandings: (standings: readonly RaceStanding[]) => void,
    onProgress: OnProgress,
  ): Promise<Outcome<readonly RaceStanding[]>> {
    const { network } = request;
    const evaluate = (ranks: Ranks, selection: ImageSelection) =>
      this.evaluate(signal, { network, ranks, selection }, () => undefined);
    const work = outcomeOf(() => race(signal, request, evaluate, onStandings, onProgress));
    return untilAborted(signal, () => undefined, work);
  }

  repair(signal: AbortSignal, task: RepairTask, onProgress: OnProgress): Promise<Outcome<Repaired>> {
    const job = this.newJob();
    const work = this.queue.run('foreground', (service) =>
      outcomeOf(async () => {
        const repaired = unwrap(await service.repair(job, task, onProgress));
        const others = this.queue.threads.filter((thread) => thread.service !== service);
        for (const thread of others) unwrap(await thread.service.acceptRepair(task.network, repaired));
        return repaired;
      }),
    );
    return untilAborted(signal, () => this.cancel(job), work);
  }

  thumbnails(images: string, indices: Uint32Array): Promise<Outcome<Uint8Array>> {
    // Not through the queue: a thread that measures answers between two batches, long before its task ends.
    const [first] = this.queue.threads;
    const read = (service: ComputeService) => service.thumbnails(images, indices);
    return first ? read(first.service) : this.queue.run('foreground', read);
  }

  close(): void {
    this.queue.close();
    this.parsing.close();
  }

  private async startThreads(request: BackendRequest): Promise<StartedBackend> {
    this.parsing.prepare();
    const first = this.openThread();
    const report = unwrap(await first.service.startBackend(request));
    this.queue.add(first);
    // A GPU is one device whatever the number of threads that talk to it.
    const more = report.backend === 'webgpu' ? 0 : this.threadLimit - 1;
    const others = Array.from({ length: more }, () => this.openThread());
    await Promise.all(
      others.map(async (thread) => unwrap(await thread.service.startBackend(report.backend))),
    );
    for (const thread of others) this.queue.add(thread);
    return { ...report, threads: this.queue.threads.length };
  }

  /** Opens files on the first thread, and on the others only once they have proved to be good. */
  private onEveryThread<T>(
    signal: AbortSignal,
    open: (thread: Thread) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const work = outcomeOf(async () => {
      const [first, ...others] = this.queue.threads;
      if (!first) throw new Error(notStarted);
      const value = unwrap(await open(first));
      await Promise.all(others.map(async (thread) => unwrap(await open(thread))));
      return value;
    });
    return untilAborted(signal, () => undefined, work);
  }

  private newJob(): string {
    return `job-${++this.jobs}`;
  }

  private cancel(job: string): void {
    for (const thread of this.queue.threads) void thread.service.cancel(job);
  }
}

const notStarted = 'PooledStudio: expected start() to have finished before files are opened';

const missingIndices: Outcome<never> = {
  ok: false,
  failure: { code: 'invalid-request', message: 'Which images to evaluate was not said.' },
};

function joined(parts: readonly (Answers | null)[]): Answers {
  const answers = parts.filter((part) => part !== null);
  const scores = new Float32Array(answers.reduce((sum, part) => sum + part.scores.length, 0));
  let offset = 0;
  for (const part of answers) {
    scores.set(part.scores, offset);
    offset += part.scores.length;
  }
  const images = answers.reduce((sum, part) => sum + part.images, 0);
  return { images, classes: answers[0]?.classes ?? 0, scores, kind: answers[0]?.kind ?? 'logits' };
}
