import type { Patch } from '../../src/network/patch';
import { runKind, type RunSpec } from './kinds';

/** Gives out what a recipe's last step made, so that it can be kept for another time. */
export interface LendPatchSpec extends RunSpec {
  /** @property key `recipeKey` of the recipe */
  readonly task: { readonly network: string; readonly key: string };
  readonly event: never;
  /** null where no thread knows it. */
  readonly result: Patch | null;
}

export const lendPatchKind = runKind<LendPatchSpec>('lend-patch', 'immediate');

/** Takes in what a recipe's last step made another time, of the very same network. */
export interface AdoptPatchSpec extends RunSpec {
  readonly task: { readonly network: string; readonly key: string; readonly patch: Patch };
  readonly event: never;
  readonly result: null;
}

export const adoptPatchKind = runKind<AdoptPatchSpec>('adopt-patch');
