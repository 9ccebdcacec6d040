import type { GroupFit, RepairChoice } from './regression/fitLayer';
import type { Moments, PatchLayout } from './regression/regression';

/** What became of a layer: a fit per group; null leaves it as it was. */
export type LayerFits = readonly GroupFit[] | null;

/** What repair did to one layer. */
export interface RepairedLayer {
  readonly layer: string;
  readonly choice: RepairChoice;
  /** Mean squared error on held-back images as a share of the targets' variance. */
  readonly errorBefore: number;
  readonly errorAfter: number;
}

/** A layer that is done, as plain data: with those before it, all that a run needs to go on behind it. */
export interface LayerCheckpoint {
  readonly layer: RepairedLayer;
  readonly fits: LayerFits;
}

/** Which samples: those that fits may see, or those that choose between fits, too. */
export type SampledRows = 'fitted' | 'all';

/** A layer as a regression, beside its samples. */
export interface LayerQuestion {
  readonly name: string;
  readonly layout: PatchLayout;
  /** Outside of these what follows the layer is flat. */
  readonly bounds: { readonly min: number; readonly max: number };
  readonly groups: readonly {
    /** The layer's own kernel, patchSize × outputs in the patches' order. */
    readonly kernel: Float64Array;
    /** What the group computes without repair. */
    readonly unrepaired: GroupFit;
  }[];
}

/** What a part of the images says of one group; null where the part has no such images. */
export interface GroupMoments {
  readonly fitted: Moments | null;
  readonly heldBack: Moments | null;
}

/** A layer, and what every part of the images says of it: groups within parts. */
export interface LayerMoments {
  readonly question: LayerQuestion;
  readonly parts: readonly (readonly GroupMoments[])[];
}

/**
 * What fits are made from: the samples of one layer after the other, wherever they lie. All answers are in the order of
 * the parts that the images are split into, so that who adds them up gets the same however many machines answered.
 */
export interface RepairHelpers {
  /**
   * Samples a layer, once all before it are what they became.
   *
   * @param former what became of the layer before; undefined where that is known, or there is none
   */
  moments(layer: number, former: LayerCheckpoint | undefined): Promise<LayerMoments>;
  /**
   * Moments of the layer last sampled with targets that ask nothing where the activation is flat, about a fit, and
   * without the patches' Gram matrix; null from parts without such images.
   */
  rectified(group: number, fit: GroupFit, of: SampledRows): Promise<readonly (Moments | null)[]>;
  /** Sum of squared errors of a fit after the activation, on the held-back images. */
  heldBackError(group: number, fit: GroupFit): Promise<readonly number[]>;
}
