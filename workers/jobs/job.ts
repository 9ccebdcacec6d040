import type { Recipe } from '../../src/compression/recipe';
import type { Patch } from '../../src/network/patch';
import type { RunKind, RunSpec } from '../protocol/kinds';
import type { CourseThread } from '../protocol/course';
import type { OnProgress } from '../protocol/progress';
import type { UnitHooks } from '../pool/pool';
import type { Artefact } from '../protocol/artefacts';

/** The threads as one job sees them. Everything fails as cancelled once the job's signal is aborted. */
export interface JobPool {
  /** Places for threads. */
  readonly threads: number;
  /** Runs a unit of work on the next free thread. */
  unit<S extends RunSpec>(kind: RunKind<S>, task: S['task'], hooks?: UnitHooks<S>): Promise<S['result']>;
  /** Runs a whole job of another kind as a part of this one. */
  run<S extends RunSpec>(
    kind: RunKind<S>,
    task: S['task'],
    onProgress?: OnProgress,
    onEvent?: (event: S['event']) => void,
  ): Promise<S['result']>;
  /** Opens a thread for what is computed between units of a distillation; whoever opens it closes it. */
  openCourse(): CourseThread;
  /** Puts an artefact to every thread. */
  put(artefact: Artefact): Promise<void>;
  /** Lets every thread let go of what it keeps for this job, once none of its units runs. */
  release(): Promise<void>;
}

/** What a job is given beside its task. */
export interface JobTools<S extends RunSpec> {
  readonly onProgress: OnProgress;
  onEvent(event: S['event']): void;
  /** Aborted when nobody waits for the job any more. */
  readonly signal: AbortSignal;
}

/** Work that is spread over threads, by the thread that asks for it. */
export interface JobEntry<S extends RunSpec = RunSpec> {
  /** Name of its kind. */
  readonly id: string;
  readonly kind: RunKind<S>;
  run(pool: JobPool, task: S['task'], tools: JobTools<S>): Promise<S['result']>;
}

/** An entry of the registry of jobs. */
export function defineJob<S extends RunSpec>(kind: RunKind<S>, run: JobEntry<S>['run']): JobEntry<S> {
  return { id: kind.name, kind, run };
}

/** What a step that is spread over threads is given beside its recipe. */
export interface SpreadStepTools {
  readonly onProgress: OnProgress;
  onEvent(checkpoint: unknown): void;
  /** What an earlier run told last; undefined where there was none. */
  readonly resume: unknown;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** A step that is spread over threads. */
export type SpreadStep = (
  pool: JobPool,
  recipe: Recipe,
  tools: SpreadStepTools,
) => Promise<{ readonly patch: Patch; readonly report: unknown }>;
