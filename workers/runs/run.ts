import type { Pause } from '../../src/engine/executor';
import type { RunKind, RunSpec } from '../protocol/kinds';
import type { OnProgress } from '../protocol/progress';
import type { Disposable } from '../service/threadJobs';
import type { ThreadContext } from '../service/threadContext';

/** What a run is given beside its task. */
export interface RunTools<S extends RunSpec> {
  readonly onProgress: OnProgress;
  onEvent(event: S['event']): void;
  /** To be awaited between steps: lets messages through, lets others go first, throws `cancelled`. */
  readonly pause: Pause;
  isCancelled(): boolean;
  /**
   * Keeps something for the job's next run in this thread, and answers what an earlier one has kept under the
   * name. The thread disposes of it when the job is over.
   */
  keep<T extends Disposable>(name: string, make: () => T): T;
}

/** One unit of work in one thread. */
export interface Run<S extends RunSpec = RunSpec> {
  /** Name of its kind. */
  readonly id: string;
  readonly kind: RunKind<S>;
  /** Whether the arrays of its result are kept nowhere in the thread, so that they may be moved out of it. */
  readonly isMoved: boolean;
  /** @throws FailureError for what may be expected; everything else is a bug */
  run(context: ThreadContext, task: S['task'], tools: RunTools<S>): Promise<S['result']> | S['result'];
}

/** An entry of the registry of runs. */
export function defineRun<S extends RunSpec>(
  kind: RunKind<S>,
  run: Run<S>['run'],
  { isMoved = false }: Partial<Pick<Run<S>, 'isMoved'>> = {},
): Run<S> {
  return { id: kind.name, kind, isMoved, run };
}
