import type { Recipe } from '../../src/compression/recipe';
import type { Preprocessing } from '../../src/network/images';
import { runKind, type RunSpec } from './kinds';

/** One network that takes part in a race. */
export interface RaceCandidate {
  readonly recipe: Recipe;
  /** The plan of another method: it is run on every image, so that the winner is never worse than it. */
  readonly isSeeded: boolean;
}

/** Races candidates on selection images. */
export interface RaceRequest {
  readonly network: string;
  readonly candidates: readonly RaceCandidate[];
  readonly images: string;
  /** Selection images, in the order in which they are spent. */
  readonly indices: Uint32Array;
  readonly preprocessing: Preprocessing;
  /** The right class of each selection image: its label, or the original network's answer where it has none. */
  readonly answers: Int32Array;
  /** Images in the first batch; every later one doubles what has been run. */
  readonly firstBatch: number;
  /** Right answers in earlier races on the same images, by the key of the recipe; they are not run again. */
  readonly known: ReadonlyMap<string, Uint8Array>;
}

/** Where a candidate stands, and which images it answered rightly. */
export interface RaceStanding {
  /** `recipeKey` of the candidate. */
  readonly key: string;
  readonly images: number;
  readonly correct: number;
  readonly isDropped: boolean;
  /** 1 per image run so far where the answer was right. */
  readonly correctByImage: Uint8Array;
}

/**
 * Small batches first, those beaten beyond chance are dropped (ENC-Inf). The standings are told after every
 * batch; the last ones are the answer, in the candidates' order.
 */
export interface RaceSpec extends RunSpec {
  readonly task: RaceRequest;
  readonly event: readonly RaceStanding[];
  readonly result: readonly RaceStanding[];
}

export const raceKind = runKind<RaceSpec>('race');
