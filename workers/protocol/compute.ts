import type { BackendReport, BackendRequest } from '../../src/engine/backend';
import type { Outcome } from '../../src/network/failure';
import type { Artefact, ArtefactName } from './artefacts';
import type { Progress } from './progress';

/**
 * What one thread offers. The in-thread class and the worker's proxy both implement it. Callbacks are top-level
 * arguments, because comlink looks at nothing deeper. Expected failures come back as data.
 */
export interface ComputeService {
  start(request: BackendRequest): Promise<Outcome<BackendReport>>;
  /** Takes over something that was made elsewhere. */
  put(artefact: Artefact): Promise<Outcome<null>>;
  /** Lets go of something that was put; what is not there is ignored. */
  release(artefact: ArtefactName): Promise<void>;
  /**
   * Runs one unit of work.
   *
   * @param job names the job that it is part of, which `cancel` stops
   * @param kind name of an entry of the thread's registry of runs
   * @param task what that kind takes
   */
  run(
    job: string,
    kind: string,
    task: unknown,
    onProgress: (progress: Progress) => void,
    onEvent: (event: unknown) => void,
  ): Promise<Outcome<unknown>>;
  /**
   * Stops the job's runs at their next step and lets go of what the thread has kept for it; unknown jobs are
   * ignored.
   */
  cancel(job: string): Promise<void>;
}
