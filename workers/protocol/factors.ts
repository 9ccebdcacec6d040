import type { LayerFactors } from '../../src/network/factors';
import type { WantedFactors } from './factorise';
import { runKind, type RunSpec } from './kinds';

/** A layer, and the way in which it is split. */
export type SplitLayer = Pick<WantedFactors, 'layer' | 'factorisation'>;

/** Gives factors out that a thread holds, so that they can be kept for another time. */
export interface LendFactorsSpec extends RunSpec {
  readonly task: { readonly network: string; readonly layers: readonly SplitLayer[] };
  readonly event: never;
  /** In the order of the layers; those that are not factorised are left out. */
  readonly result: readonly LayerFactors[];
}

export const lendFactorsKind = runKind<LendFactorsSpec>('lend-factors', 'immediate');

/** Takes factors in that were computed another time, of the very same network. */
export interface AdoptFactorsSpec extends RunSpec {
  readonly task: { readonly network: string; readonly factors: readonly LayerFactors[] };
  readonly event: never;
  readonly result: null;
}

export const adoptFactorsKind = runKind<AdoptFactorsSpec>('adopt-factors');
