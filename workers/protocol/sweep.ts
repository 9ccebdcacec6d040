import type { PlannedFor } from '../../src/compression/nearRanks';
import type { Step } from '../../src/compression/recipe';
import type { MeasuredPiece } from '../../src/enc/sweep/pieces';
import type { LayerMacs } from '../../src/enc/sweep/places';
import type { MeasuredPoint, SweepLayer } from '../../src/enc/sweep/points';
import type { SweepSettings, SweepTask } from '../../src/enc/sweep/schedule';
import { runKind, type RunSpec } from './kinds';
import type { ImageSelection } from './selection';

/** The time that a sweep has. */
export interface SweepTime {
  readonly seconds: number;
  /** What the curves are for: ranks and images are spent near its plans first; null where that is not known. */
  readonly plannedFor: PlannedFor | null;
  /** Images on which a rank is looked at first: fewer are no faster. */
  readonly fewestImages: number;
}

/** A whole sweep. Pausing is aborting, resuming is asking again with the points that are known by then. */
export interface SweepRequest {
  readonly network: string;
  /** Which images, in this order, is part of what the points mean. */
  readonly selection: ImageSelection;
  /** Layers to measure, in network order; all factorised before. */
  readonly layers: readonly SweepLayer[];
  /** Every layer of the network, in network order: foretells how long things take. */
  readonly costs: readonly LayerMacs[];
  readonly settings: Omit<SweepSettings, 'images'>;
  /**
   * What each layer goes through before it is measured, so that the curves foretell a network that will be
   * repaired; null measures truncated layers. With it, all points of the grid are measured on all images.
   */
  readonly refit: Step | null;
  /** What was measured before with the same step on the same network, images and preprocessing; it is not measured again. */
  readonly known: readonly (MeasuredPoint | MeasuredPiece)[];
  /**
   * What it has to end in, every layer measured; null measures until nothing is left that could tell anything. A coarse
   * pass over all layers is made in any case.
   */
  readonly time: SweepTime | null;
}

/** Measures layers on images. Tells every piece as it is measured, and answers all points, the known ones included. */
export interface SweepSpec extends RunSpec {
  readonly task: SweepRequest;
  readonly event: MeasuredPiece;
  readonly result: readonly MeasuredPoint[];
}

export const sweepKind = runKind<SweepSpec>('sweep', 'background');

/** Some tasks of a sweep, all to be measured: what a machine is given of a sweep that many share. */
export interface SweepTasksSpec extends RunSpec {
  readonly task: Pick<SweepRequest, 'network' | 'selection' | 'refit'> & {
    readonly tasks: readonly SweepTask[];
  };
  /** Told as it is measured. */
  readonly event: MeasuredPiece;
  readonly result: null;
}

export const sweepTasksKind = runKind<SweepTasksSpec>('sweep-tasks', 'background');

/**
 * One task of a sweep, in one thread: answers a point per rank, of the task's images alone. Activations are kept
 * for the job's next task.
 */
export interface SweepTaskSpec extends RunSpec {
  readonly task: Pick<SweepRequest, 'network' | 'selection' | 'refit'> & { readonly task: SweepTask };
  readonly event: never;
  readonly result: readonly MeasuredPoint[];
}

export const sweepTaskKind = runKind<SweepTaskSpec>('sweep-task', 'background');
