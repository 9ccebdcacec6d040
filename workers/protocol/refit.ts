import type { Step } from '../../src/compression/recipe';
import type { NamedPatch } from './artefacts';
import type { WantedFactors } from './factorise';
import { runKind, type RunSpec } from './kinds';

/** Re-fits single layers at several ranks, each as if it were the only one that is cut. */
export interface RefitTask {
  readonly network: string;
  readonly layers: readonly (WantedFactors & { readonly ranks: readonly number[] })[];
  readonly step: Step;
}

/**
 * Answers a patch per layer and rank, under the key of the recipe of that one cut and the step; the thread keeps
 * them. A layer that is not re-fitted has empty ones.
 */
export interface RefitSpec extends RunSpec {
  readonly task: RefitTask;
  readonly event: never;
  readonly result: readonly NamedPatch[];
}

export const refitKind = runKind<RefitSpec>('refit-layers', 'background');
