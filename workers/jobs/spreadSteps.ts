import type { Recipe } from '../../src/compression/recipe';
import { distil } from '../../src/compression/steps/distil';
import type { Patch } from '../../src/network/patch';
import type { OnProgress } from '../protocol/progress';
import { distilOverThreads } from './distil';
import type { JobPool } from './job';

/** What a step that is spread over threads is given beside its recipe. */
export interface SpreadStepTools {
  readonly onProgress: OnProgress;
  onEvent(checkpoint: unknown): void;
  /** What an earlier run told last; undefined where there was none. */
  readonly resume: unknown;
}

/** A step that is spread over threads. */
export type SpreadStep = (
  pool: JobPool,
  recipe: Recipe,
  tools: SpreadStepTools,
) => Promise<{ readonly patch: Patch; readonly report: unknown }>;

/** Steps that more than one thread takes, by the ids of their kinds; every other one is one run. */
export const spreadSteps: Readonly<Record<string, SpreadStep>> = { [distil.id]: distilOverThreads };
