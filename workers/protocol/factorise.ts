import type { LayerFactors } from '../../src/network/factors';
import type { Factorisation } from '../../src/network/layers';
import { runKind, type RunSpec } from './kinds';

/** The singular values of one layer's unfolded kernel, descending; summed over groups where it is grouped. */
export interface LayerSpectrum {
  readonly layer: string;
  readonly factorisation: Factorisation;
  readonly singularValues: Float64Array;
}

/** A layer and how to split it. */
export interface WantedFactors {
  readonly layer: string;
  readonly factorisation: Factorisation;
  /** Largest rank that is needed; the full rank unless given. Fewer vectors take less time and memory. */
  readonly rank?: number;
  /** By a randomised method, which reaches fewer ranks; whole factors are made once somebody wants more. */
  readonly isEstimated?: boolean;
}

/**
 * Factorises layers in their order. Every spectrum is told twice: as soon as it is known, and once every thread holds
 * the factors, which stay there.
 */
export interface FactoriseSpec extends RunSpec {
  readonly task: { readonly network: string; readonly layers: readonly WantedFactors[] };
  readonly event: LayerSpectrum & { readonly isHeld: boolean };
  readonly result: null;
}

export const factoriseKind = runKind<FactoriseSpec>('factorise');

/** Factorises one layer in one thread, which keeps the factors, and answers them for the other threads. */
export interface FactoriseLayerSpec extends RunSpec {
  readonly task: { readonly network: string } & WantedFactors;
  /** The singular values, as soon as they are known; those of the factors may differ by rounding errors. */
  readonly event: Float64Array;
  readonly result: LayerFactors;
}

export const factoriseLayerKind = runKind<FactoriseLayerSpec>('factorise-layer');
