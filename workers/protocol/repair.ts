import type { RepairedLayer } from '../../src/repair/repairNetwork';
import type { Ranks } from '../../src/network/layers';
import type { Patch } from '../../src/network/patch';
import type { ImageSelection } from './summaries';

/** Re-fits the factors of a cut network on unlabelled calibration images. */
export interface RepairTask {
  readonly network: string;
  readonly ranks: Ranks;
  /** Calibration images; no reported accuracy may come from them. */
  readonly calibration: ImageSelection;
  readonly seed: number;
}

/** Re-fits single layers at several ranks, each as if it were the only one that is cut. */
export interface FitTask {
  readonly network: string;
  readonly layers: readonly { readonly layer: string; readonly ranks: readonly number[] }[];
  readonly calibration: ImageSelection;
  readonly seed: number;
}

/** A layer re-fitted at one rank. */
export interface RefittedRank {
  readonly layer: string;
  readonly rank: number;
  /** For the network with this layer alone cut to this rank. */
  readonly patch: Patch;
}

/** What repair made of a cut network. */
export interface Repaired {
  /** Names this repair in evaluations and exports. */
  readonly key: string;
  /** For the truncated network; empty where repair did not help, so that this one stands. */
  readonly patch: Patch;
  readonly layers: readonly RepairedLayer[];
  /** Mean divergence from the original on held-back calibration images, in nats. */
  readonly divergence: { readonly truncated: number; readonly repaired: number };
  readonly isRepaired: boolean;
}
