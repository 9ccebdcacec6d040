import type { Recipe } from '../../src/compression/recipe';
import type { Patch } from '../../src/network/patch';
import type { LayerCheckpoint, RepairedLayer, RepairResult } from '../../src/repair/repairNetwork';
import { runKind, type RunSpec } from './kinds';

/** What repair made of a cut network. */
export interface Repaired {
  /** `recipeKey` of the recipe, under which evaluations and exports find the repair. */
  readonly key: string;
  readonly layers: readonly RepairedLayer[];
  /** Mean divergence from the original on calibration images, in nats. */
  readonly divergence: RepairResult['divergence'];
  /** Whether it helped; where it did not, the truncated network stands for the recipe. */
  readonly isRepaired: boolean;
}

/** Takes the last step of a recipe, a repair. Afterwards every thread knows the recipe's network. */
export interface RepairSpec extends RunSpec {
  readonly task: { readonly recipe: Recipe };
  readonly event: never;
  readonly result: Repaired;
}

export const repairKind = runKind<RepairSpec>('repair');

export type RepairCheckpoint = LayerCheckpoint;

/** The same in one thread, which tells each layer as it is done. */
export interface RepairWalkSpec extends RunSpec {
  /** @property resume what an earlier run of the same recipe has told: its first layers, which are not fitted again */
  readonly task: { readonly recipe: Recipe; readonly resume: readonly RepairCheckpoint[] };
  readonly event: RepairCheckpoint;
  readonly result: Omit<Repaired, 'key'> & { readonly patch: Patch };
}

export const repairWalkKind = runKind<RepairWalkSpec>('repair-walk');
