import type { Recipe } from '../../src/compression/recipe';
import type { CourseState, EpochRecord, PartGradient } from '../../src/distil/course';
import type { Judgement } from '../../src/distil/loss';
import type { MatrixPlace } from '../../src/engine/training/parameters';
import type { DrawnImage } from '../../src/distil/schedule';
import type { Patch } from '../../src/network/patch';
import { runKind, type RunKind, type RunSpec } from './kinds';
import { stepKind, type StepSpec } from './step';

export type { CourseState } from '../../src/distil/course';

/** What distillation says of itself. */
export interface DistilReport {
  /** Whether it helped; where it did not, the network before stands for the recipe. */
  readonly isDistilled: boolean;
  /** The epoch whose state was taken; 0 for the network before. */
  readonly best: number;
  /** Epoch by epoch, the network before first. */
  readonly epochs: readonly EpochRecord[];
  /** Images that were trained on, and those that chose. */
  readonly images: { readonly trained: number; readonly heldBack: number };
}

/** Takes the last step of a recipe, a distillation; tells where it stands behind every epoch. */
export type DistilSpec = StepSpec<DistilReport, CourseState>;

export const distilKind: RunKind<DistilSpec> = runKind(stepKind.name);

/** Finds this machine's pace by a part of a batch and some of the images that judge. */
export interface DistilPaceSpec extends RunSpec {
  readonly task: { readonly recipe: Recipe };
  readonly event: never;
  /** Of one epoch. */
  readonly result: { readonly seconds: number };
}

export const distilPaceKind = runKind<DistilPaceSpec>('distil-pace');

/** Begins: what is trained, and on which images. */
export interface DistilOpenSpec extends RunSpec {
  readonly task: { readonly recipe: Recipe };
  readonly event: never;
  readonly result: {
    readonly initial: Float32Array;
    readonly matrices: readonly MatrixPlace[];
    readonly trained: Uint32Array;
    readonly heldBack: Uint32Array;
  };
}

export const distilOpenKind = runKind<DistilOpenSpec>('distil-open', 'background');

/** One thread's part of a batch. */
export interface DistilGradientSpec extends RunSpec {
  readonly task: {
    readonly recipe: Recipe;
    readonly weights: Float32Array;
    /** Names the weights. */
    readonly step: number;
    readonly images: readonly DrawnImage[];
    /** The original's logits of them, where they are known. */
    readonly known: Float32Array | null;
  };
  readonly event: never;
  readonly result: PartGradient;
}

export const distilGradientKind = runKind<DistilGradientSpec>('distil-gradient', 'background');

/** Compares the network of some weights with the original on held-back images. */
export interface DistilJudgeSpec extends RunSpec {
  readonly task: {
    readonly recipe: Recipe;
    readonly weights: Float32Array;
    readonly images: readonly DrawnImage[];
  };
  readonly event: never;
  readonly result: Judgement;
}

export const distilJudgeKind = runKind<DistilJudgeSpec>('distil-judge', 'background');

/** Puts weights into the recipe's network; null leaves it as it was. */
export interface DistilCloseSpec extends RunSpec {
  readonly task: { readonly recipe: Recipe; readonly weights: Float32Array | null };
  readonly event: never;
  readonly result: Patch;
}

export const distilCloseKind = runKind<DistilCloseSpec>('distil-close', 'background');
