import type { RepairedLayer } from '../../src/engine/repair/repairNetwork';
import type { FittedLayer } from '../../src/network/fittedLayers';
import type { Ranks } from '../../src/network/layers';
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

/** What repair made of a cut network. */
export interface Repaired {
  /** Names this repair in evaluations and exports. */
  readonly key: string;
  /** Empty where repair did not help, so that the truncated network stands. */
  readonly fitted: readonly FittedLayer[];
  readonly layers: readonly RepairedLayer[];
  /** Mean divergence from the original on held-back calibration images, in nats. */
  readonly divergence: { readonly truncated: number; readonly repaired: number };
  readonly isRepaired: boolean;
}
