import type { MeasuredPoint, SweepLayer } from '../../src/enc/sweep/points';
import type { SweepSettings, SweepTask } from '../../src/enc/sweep/schedule';
import type { ImageSelection } from './service';

/** Images of a sweep: which ones, in this order, is part of what its points mean. */
export interface SweepSelection extends ImageSelection {
  readonly indices: Uint32Array;
}

/** One task of a sweep, for one thread. */
export interface SweepTaskRequest {
  readonly network: string;
  readonly selection: SweepSelection;
  readonly task: SweepTask;
}

/** A whole sweep. Pausing is aborting, resuming is asking again with the points that are known by then. */
export interface SweepRequest {
  readonly network: string;
  readonly selection: SweepSelection;
  /** Layers to measure, in network order; all factorised before. */
  readonly layers: readonly SweepLayer[];
  readonly settings: Omit<SweepSettings, 'images'>;
  /** Points measured before on the same network, images and preprocessing; they are not measured again. */
  readonly known: readonly MeasuredPoint[];
}
