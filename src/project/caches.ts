import type { MeasuredPoint } from '../enc/sweep/points';

/** What outlives a page. It may forget everything at any time, but never fails. */
export interface Caches {
  /** Points of the layers' curves, by `pointsKey`. */
  loadPoints(key: string): Promise<readonly MeasuredPoint[]>;
  savePoints(key: string, points: readonly MeasuredPoint[]): Promise<boolean>;
  /** Which images raced recipes answered rightly, by `recipeKey`, for the images that `images` names. */
  loadCorrect(images: string): Promise<Map<string, Uint8Array>>;
  saveCorrect(images: string, correct: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
  /** Runs long work so that the machine and a hidden page go on with it. */
  stayAwake<T>(work: () => Promise<T>): Promise<T>;
}

/** Forgets everything: for a command line, whose results are its answer. */
export const forgetful: Caches = {
  loadPoints: () => Promise.resolve([]),
  savePoints: () => Promise.resolve(false),
  loadCorrect: () => Promise.resolve(new Map()),
  saveCorrect: () => Promise.resolve(false),
  stayAwake: (work) => work(),
};
