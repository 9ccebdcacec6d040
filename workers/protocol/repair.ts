import type { Recipe } from '../../src/compression/recipe';
import type { Patch } from '../../src/network/patch';
import type { ImageDivergences, RepairDivergence } from '../../src/repair/judgement';
import type {
  LayerCheckpoint,
  LayerFits,
  LayerMoments,
  RepairedLayer,
  SampledRows,
} from '../../src/repair/questions';
import type { GroupFit } from '../../src/repair/regression/fitLayer';
import type { Moments } from '../../src/repair/regression/regression';
import { runKind, type RunKind, type RunSpec } from './kinds';
import { stepKind, type StepSpec } from './step';

/** What repair says of itself. */
export interface RepairReport {
  readonly layers: readonly RepairedLayer[];
  /** Mean divergence from the original on calibration images, in nats. */
  readonly divergence: RepairDivergence;
  /** Whether it helped; where it did not, the truncated network stands for the recipe. */
  readonly isRepaired: boolean;
}

/** Takes the last step of a recipe, a repair. */
export type RepairSpec = StepSpec<RepairReport>;

/** What repair made of a cut network. */
export type Repaired = RepairSpec['result'];

export const repairKind: RunKind<RepairSpec> = runKind(stepKind.name);

/** Begins: which layers are re-fitted, and on how much. */
export interface RepairOpenSpec extends RunSpec {
  readonly task: { readonly recipe: Recipe };
  readonly event: never;
  readonly result: {
    /** Names in network order. */
    readonly layers: readonly string[];
    /** Into how many parts the images are split. */
    readonly parts: number;
    /** How many images judge at the end. */
    readonly judged: number;
  };
}

export const repairOpenKind = runKind<RepairOpenSpec>('repair-open');

/** What fits ask of the samples of the first layer that is not done. */
export type PartAsk =
  | { readonly kind: 'moments' }
  | { readonly kind: 'rectified'; readonly group: number; readonly fit: GroupFit; readonly of: SampledRows }
  | { readonly kind: 'error'; readonly group: number; readonly fit: GroupFit };

/** By part, in their order. */
export type PartAnswer = LayerMoments | readonly (Moments | null)[] | readonly number[];

/** Answers for some parts of the images, which the thread keeps as far as they have been run through both networks. */
export interface RepairPartSpec extends RunSpec {
  readonly task: {
    readonly recipe: Recipe;
    readonly parts: readonly number[];
    /** How many layers the thread was told of before. */
    readonly from: number;
    /** What became of the layers behind these. */
    readonly fits: readonly LayerFits[];
    readonly ask: PartAsk;
  };
  readonly event: never;
  readonly result: PartAnswer;
}

export const repairPartKind = runKind<RepairPartSpec>('repair-part');

/** Makes the patch of what became of all layers. */
export interface RepairCloseSpec extends RunSpec {
  readonly task: { readonly recipe: Recipe; readonly fits: readonly LayerFits[] };
  readonly event: never;
  readonly result: Patch;
}

export const repairCloseKind = runKind<RepairCloseSpec>('repair-close');

/** Compares the truncated and the repaired network with the original on some of the images that judge. */
export interface RepairJudgeSpec extends RunSpec {
  readonly task: {
    readonly recipe: Recipe;
    readonly patch: Patch;
    readonly from: number;
    readonly to: number;
  };
  readonly event: never;
  readonly result: ImageDivergences;
}

export const repairJudgeKind = runKind<RepairJudgeSpec>('repair-judge');

/** What a course of repair asks of the threads, and tells of the layer before where it goes on to the next. */
export type RepairAsk =
  | (PartAsk & { readonly kind: 'rectified' | 'error' })
  | { readonly kind: 'moments'; readonly layer: number; readonly former: LayerCheckpoint | undefined };
