import type { Curve } from '../../enc/curve';
import type { ModelSpace } from '../../enc/encModel';
import type { Plan } from '../../enc/plan';
import type { SweptCurves } from '../../enc/sweep/curves';
import type { MeasuredPoint, SweepLayer } from '../../enc/sweep/points';
import type { TableLayer } from '../../enc/tables';
import type { MetricScale } from './scales';

/** Qualities of every choice of every layer. */
export interface ChoiceQualities {
  /** By the metric. */
  readonly own: readonly Float64Array[];
  /** By energy; asked for only where the metric takes it into account. */
  energy(): readonly Float64Array[];
}

/** Qualities of the whole network under a plan, and what the plan costs. */
export interface WholeQualities {
  /** Product of the layers' qualities by the metric's curves. */
  readonly own: number;
  readonly energy: number;
  /** Share of the budget's cost. */
  readonly achieved: number;
}

/** Finds the plans within some budgets with the greatest product of qualities, best first. */
export type FindPlans = (qualities: readonly Float64Array[], count: number) => readonly Plan[];

/** Values of one layer at the ranks of the authors' `R_list`. */
export type TableValues = (layer: TableLayer) => readonly number[];

/** What tells how much a layer keeps at a rank, and how plans are judged by it: one entry of the registry. */
export interface QualityMetric {
  readonly id: string;
  /** For a person. */
  readonly label: string;
  /** Of the whole network's quality. */
  readonly symbol: string;
  readonly needs: {
    /** Points measured on selection images. */
    readonly images: boolean;
    /** Points of layers that were re-fitted, on calibration images, before they were measured. */
    readonly refit: boolean;
    /** Energy curves beside its own. */
    readonly energy: boolean;
  };
  /** Id of the metric whose curves it goes by, usually its own. */
  readonly draws: string;
  /** What the images of a sweep are spent for; null where it needs none. */
  readonly decides: 'measured' | 'divergence' | null;
  /**
   * Curves of all layers from what was measured so far.
   *
   * @param energy curves of all layers
   */
  curves(
    layers: readonly SweepLayer[],
    points: Iterable<MeasuredPoint>,
    energy: ReadonlyMap<string, Curve>,
  ): SweptCurves;
  /** Where ENC-Model looks by default. */
  readonly space: ModelSpace;
  /**
   * The plans with the greatest whole-network quality, best first; none where the space holds none.
   *
   * @param find the plans with the greatest product of some qualities
   */
  search(find: FindPlans, qualities: ChoiceQualities, count: number): readonly Plan[];
  /** Predicted quality of the whole network. */
  whole(qualities: WholeQualities): number;
  /** Whether that foretells accuracy, as a share of the original's, and not only which plan is better. */
  readonly foretellsAccuracy: boolean;
  /** How its curves are drawn and read. */
  readonly scale: MetricScale;
  /** Where the authors' tables hold it: what its curves go through, and what ENC-Map inverts. */
  readonly table: { readonly curves: TableValues; readonly levels: TableValues } | null;
}
