import type { Recipe } from '../../src/compression/recipe';
import type { Patch } from '../../src/network/patch';
import { runKind, type RunSpec } from './kinds';

/** Takes the last step of a recipe, of whatever kind. Afterwards every thread knows the recipe's network. */
export interface StepSpec<Report = unknown, Checkpoint = unknown> extends RunSpec {
  /** @property resume where an earlier run of the same recipe stood; kinds that tell nothing take nothing */
  readonly task: { readonly recipe: Recipe; readonly resume?: Checkpoint };
  /** Where the step stands, of kinds that one goes on with after a reload. */
  readonly event: Checkpoint;
  /** @property key `recipeKey` of the recipe, under which evaluations and exports find what the step has made */
  readonly result: Report & { readonly key: string };
}

export const stepKind = runKind<StepSpec>('step');

/** The same in one thread: what the run that is listed under the step's id takes, tells and answers. */
export interface StepRunSpec<Report = unknown, Checkpoint = unknown> extends RunSpec {
  /** @property resume what an earlier run of the same recipe has told: that is not done again */
  readonly task: { readonly recipe: Recipe; readonly resume: readonly Checkpoint[] };
  readonly event: Checkpoint;
  /** @property patch makes the recipe's network of the one whose layers are cut and which has taken no step */
  readonly result: { readonly patch: Patch; readonly report: Report };
}
