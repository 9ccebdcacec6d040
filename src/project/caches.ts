import type { MeasuredPiece } from '../enc/sweep/pieces';
import type { MeasuredPoint } from '../enc/sweep/points';
import type { LayerFactors } from '../network/factors';
import type { CourseState } from '../../workers/protocol/distil';
import type { Patch } from '../network/patch';
import type { RepairNote } from './document';

/** A repair as it is kept: what is said of it, and what it made. */
export interface KeptRepair {
  readonly note: RepairNote;
  readonly patch: Patch;
}

/** What outlives a page. It may forget everything at any time, but never fails. */
export interface Caches {
  /** What the layers' curves are drawn through, by `pointsKey`; points that say no `from` are of the first images. */
  loadPieces(key: string): Promise<readonly (MeasuredPoint | MeasuredPiece)[]>;
  savePieces(key: string, pieces: readonly MeasuredPiece[]): Promise<boolean>;
  /** Which images raced recipes answered rightly, by `recipeKey`, for the images that `images` names. */
  loadCorrect(images: string): Promise<Map<string, Uint8Array>>;
  saveCorrect(images: string, correct: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
  /** Work, as `factoringWork` says it, below which a layer's factors are sooner computed than looked for. */
  readonly leastWork: number;
  /** Factors by `factorsKey`; null where there are none, or not whole. */
  loadFactors(key: string): Promise<LayerFactors | null>;
  saveFactors(key: string, factors: LayerFactors): Promise<boolean>;
  /** Singular values of a network's layers by `spectrumKey`, named by `spectraKey`: far smaller than factors. */
  loadSpectra(key: string): Promise<ReadonlyMap<string, Float64Array> | null>;
  saveSpectra(key: string, spectra: ReadonlyMap<string, Float64Array>): Promise<boolean>;
  /** What repairs made, by `repairName`; null where it is not kept. */
  loadRepair(name: string): Promise<KeptRepair | null>;
  saveRepair(name: string, repair: KeptRepair): Promise<boolean>;
  /** Where distillations stood behind their last epoch, by `courseName`; null where it is not kept. */
  loadCourse(name: string): Promise<CourseState | null>;
  saveCourse(name: string, state: CourseState): Promise<boolean>;
  /** Runs long work so that the machine and a hidden page go on with it. */
  stayAwake<T>(work: () => Promise<T>): Promise<T>;
}

/** Forgets everything: for a command line, whose results are its answer. */
export const forgetful: Caches = {
  loadPieces: () => Promise.resolve([]),
  savePieces: () => Promise.resolve(false),
  loadCorrect: () => Promise.resolve(new Map()),
  saveCorrect: () => Promise.resolve(false),
  leastWork: Infinity,
  loadFactors: () => Promise.resolve(null),
  saveFactors: () => Promise.resolve(false),
  loadSpectra: () => Promise.resolve(null),
  saveSpectra: () => Promise.resolve(false),
  loadRepair: () => Promise.resolve(null),
  saveRepair: () => Promise.resolve(false),
  loadCourse: () => Promise.resolve(null),
  saveCourse: () => Promise.resolve(false),
  stayAwake: (work) => work(),
};

/** Work that takes some 20 milliseconds, about as long as it takes to find a file. */
export const worthKeeping = 5e7;
