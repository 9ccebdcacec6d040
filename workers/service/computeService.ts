import {
  chooseBackend,
  type BackendReport,
  type BackendRequest,
  type WasmPaths,
} from '../../src/engine/backend';
import type { Pause } from '../../src/engine/executor';
import { pauseUnlessCancelled } from '../../src/engine/yielding';
import { fail, outcomeOf, type Outcome } from '../../src/network/failure';
import type { Artefact, ArtefactName } from '../protocol/artefacts';
import type { ComputeService } from '../protocol/compute';
import type { Priority } from '../protocol/kinds';
import type { Progress } from '../protocol/progress';
import { runs } from '../runs';
import type { LoadLiteRt } from './liteRt';
import { RightOfWay } from './rightOfWay';
import { ThreadContext } from './threadContext';
import { ThreadJobs, type ThreadJob } from './threadJobs';

/** The compute service in the thread it is made in: holds artefacts, owns the backend, runs what the registry has. */
export class InThreadCompute implements ComputeService {
  private readonly context: ThreadContext;
  private readonly jobs = new ThreadJobs();
  private readonly rightOfWay = new RightOfWay();
  private report: BackendReport | null = null;

  /**
   * @param wasmPaths where the backend's WebAssembly files are: a folder, or an address per file
   * @param loadLiteRt where LiteRT can be loaded from, which judges files of TensorFlow Lite; null does without
   */
  constructor(
    private readonly wasmPaths: WasmPaths,
    loadLiteRt: LoadLiteRt | null = null,
  ) {
    this.context = new ThreadContext(loadLiteRt);
  }

  start(request: BackendRequest): Promise<Outcome<BackendReport>> {
    return outcomeOf(
      async () => (this.report ??= await chooseBackend(request, { wasmPaths: this.wasmPaths })),
    );
  }

  put(artefact: Artefact): Promise<Outcome<null>> {
    return outcomeOf(() => {
      this.context.put(artefact);
      return null;
    });
  }

  release(artefact: ArtefactName): Promise<void> {
    this.context.release(artefact);
    return Promise.resolve();
  }

  run(
    id: string,
    kind: string,
    task: unknown,
    onProgress: (progress: Progress) => void,
    onEvent: (event: unknown) => void,
  ): Promise<Outcome<unknown>> {
    return outcomeOf(() => {
      const entry =
        runs.find(kind) ??
        fail('invalid-request', `Expected work of a kind that threads know, found ${kind}; reload the page.`);
      return this.jobs.run(id, (job) =>
        this.inTurn(entry.kind.priority, async () =>
          entry.run(this.context, task, {
            onProgress,
            onEvent,
            pause: this.pauseFor(entry.kind.priority, job),
            isCancelled: () => job.isCancelled,
            keep: (name, make) => job.keep(name, make),
          }),
        ),
      );
    });
  }

  cancel(id: string): Promise<void> {
    this.jobs.cancel(id);
    return Promise.resolve();
  }

  private inTurn<T>(priority: Priority, work: () => Promise<T>): Promise<T> {
    return priority === 'foreground' ? this.rightOfWay.foregroundWork(work) : work();
  }

  /** Lets messages through; background work stands still while anything that a person waits for is computed here. */
  private pauseFor(priority: Priority, job: ThreadJob): Pause {
    const takeTurns = pauseUnlessCancelled(() => job.isCancelled);
    if (priority !== 'background') return takeTurns;
    return async () => {
      await takeTurns();
      await this.rightOfWay.clear();
    };
  }
}
