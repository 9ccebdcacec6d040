import type { MeasuredPoint, SweepLayer } from '../../src/enc/sweep/points';
import type { SweepSettings, SweepTask } from '../../src/enc/sweep/schedule';
import type { ImageSelection } from './summaries';

/** Images of a sweep: which ones, in this order, is part of what its points mean. */
export interface SweepSelection extends ImageSelection {
  readonly indices: Uint32Array;
}

/** One task of a sweep, for one thread. */
export interface SweepTaskRequest {
  readonly network: string;
  readonly selection: SweepSelection;
  readonly task: SweepTask;
  /** Key of fits that stand in for the truncated layers; null measures truncated ones. */
  readonly fits: string | null;
}

/** A whole sweep. Pausing is aborting, resuming is asking again with the points that are known by then. */
export interface SweepRequest {
  readonly network: string;
  readonly selection: SweepSelection;
  /** Layers to measure, in network order; all factorised before. */
  readonly layers: readonly SweepLayer[];
  readonly settings: Omit<SweepSettings, 'images'>;
  /**
   * Calibration images to re-fit each layer on before it is measured, so that the curves foretell a network that
   * will be repaired; absent or null measures truncated layers. With it, all points of the grid are measured on all images.
   */
  readonly repair?: { readonly calibration: ImageSelection; readonly seed: number } | null;
  /** Points measured before with the same repair on the same network, images and preprocessing; they are not measured again. */
  readonly known: readonly MeasuredPoint[];
}
