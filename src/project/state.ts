import type { Curve } from '../enc/curve';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';
import type { Studio } from '../../workers/protocol/studio';
import { emptyDocument, type Document } from './document';
import type { Jobs } from './jobStatus';
import type { Plans } from './plans';
import type { RaceState } from './raceState';

/** Which backend really runs, on how many threads. */
export type StartedBackend = Extract<Awaited<ReturnType<Studio['start']>>, { ok: true }>['value'];

/** A network that was opened, with what is known about its weights so far. */
export interface NetworkState {
  /** Name of its file, without ending. */
  readonly title: string;
  /** With every layer as it is split now. */
  readonly summary: NetworkSummary;
  /** As it was read: another object for every time that a network is opened. */
  readonly opened: NetworkSummary;
  /** Energy curves by layer; they arrive one by one. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** Singular values by `spectrumKey`, of every way in which a layer was split. */
  readonly spectra: ReadonlyMap<string, Float64Array>;
  /** Those of them, by `spectrumKey`, whose factors no thread holds yet: curves can be drawn, nothing can be run. */
  readonly foreseen: ReadonlySet<string>;
}

/** What was last worked out; charts and tables draw from this, so they never blank. */
export interface Completed {
  readonly target: number;
  readonly plans: Plans;
}

/** A session at work: its document, and what was made of the files that the document refers to. */
export interface ProjectState {
  readonly backend: StartedBackend | null;
  readonly document: Document;
  readonly network: NetworkState | null;
  readonly images: ImagesSummary | null;
  /** Images of their own for calibration and selection; null takes those from `images`. */
  readonly tuning: ImagesSummary | null;
  /** Other sets that are open, by fingerprint: uses that the document says one by one may draw from them. */
  readonly sets: Readonly<Record<string, ImagesSummary>>;
  /**
   * Key of the points that the curves are drawn through where they are not those of the present selection images:
   * points that came in a file, or of layers that were re-fitted for another metric than the one for that.
   */
  readonly curvesFrom: string | null;
  readonly completed: Completed | null;
  /** By method. */
  readonly races: Readonly<Record<string, RaceState>>;
  /** What jobs have found, by kind and key; see `resultsOf`. */
  readonly results: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly jobs: Jobs;
  /** Repairs whose networks the threads know, by `recipeKey`: those of an earlier session they do not. */
  readonly heldRepairs: Readonly<Record<string, true>>;
  /** Target at which a person wants every plan repaired, not only those that people wait for; null for none. */
  readonly allRepairedAt: number | null;
  /** Why what is measured does not outlive the page (a sentence); null as far as it does. */
  readonly storageProblem: string | null;
  /**
   * Whether plans are made between the frames of a page, so that a search which takes longer is cut short and gone on with
   * in a thread; else each takes its time.
   */
  readonly plansInFrames: boolean;
  /** Kinds of background work that a person has halted. */
  readonly paused: Readonly<Record<string, boolean>>;
}

/** Before anything is opened. */
export const initialProject: ProjectState = {
  backend: null,
  document: emptyDocument,
  network: null,
  images: null,
  tuning: null,
  sets: {},
  curvesFrom: null,
  completed: null,
  races: {},
  results: {},
  jobs: {},
  heldRepairs: {},
  storageProblem: null,
  allRepairedAt: null,
  plansInFrames: false,
  paused: {},
};

/** Holds a state and tells of its changes, like a zustand store; the state may hold more than the project knows. */
export interface ProjectStore {
  getState(): ProjectState;
  setState(change: (state: ProjectState) => ProjectState): void;
  subscribe(listener: (state: ProjectState, former: ProjectState) => void): () => void;
}

/** A store of a project alone, for a command line and tests. */
export function createProjectStore(initial: ProjectState = initialProject): ProjectStore {
  let state = initial;
  const listeners = new Set<Parameters<ProjectStore['subscribe']>[0]>();
  return {
    getState: () => state,
    setState(change) {
      const former = state;
      state = change(former);
      if (state !== former) for (const listener of [...listeners]) listener(state, former);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
