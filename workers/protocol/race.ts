import type { Ranks } from '../../src/network/layers';
import type { Preprocessing } from '../../src/network/images';

/** One plan that takes part in a race. */
export interface RaceCandidate {
  readonly ranks: Ranks;
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
  /** Marks of earlier races on the same images, by the key of their ranks; they are not run again. */
  readonly known: ReadonlyMap<string, Uint8Array>;
}

/** Where a candidate stands, and which images it answered rightly. */
export interface RaceStanding {
  readonly key: string;
  readonly images: number;
  readonly correct: number;
  readonly isDropped: boolean;
  /** One mark per image run so far: 1 where the answer was right. */
  readonly correctByImage: Uint8Array;
}
