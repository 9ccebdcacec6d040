import type { MeasuredPiece } from '../enc/sweep/pieces';
import type { MeasuredPoint } from '../enc/sweep/points';

/** What outlives a page. It may forget everything at any time, but never fails. */
export interface Caches {
  /** What the layers' curves are drawn through, by `pointsKey`; points that say no `from` are of the first images. */
  loadPieces(key: string): Promise<readonly (MeasuredPoint | MeasuredPiece)[]>;
  savePieces(key: string, pieces: readonly MeasuredPiece[]): Promise<boolean>;
  /** Which images raced recipes answered rightly, by `recipeKey`, for the images that `images` names. */
  loadCorrect(images: string): Promise<Map<string, Uint8Array>>;
  saveCorrect(images: string, correct: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
  /** Runs long work so that the machine and a hidden page go on with it. */
  stayAwake<T>(work: () => Promise<T>): Promise<T>;
}

/** Forgets everything: for a command line, whose results are its answer. */
export const forgetful: Caches = {
  loadPieces: () => Promise.resolve([]),
  savePieces: () => Promise.resolve(false),
  loadCorrect: () => Promise.resolve(new Map()),
  saveCorrect: () => Promise.resolve(false),
  stayAwake: (work) => work(),
};
