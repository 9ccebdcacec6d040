import type { LayerOverrides } from '../../compression/inclusion';
import type { Curve } from '../../enc/curve';
import type { Method } from '../../enc/plan';
import type { MeasuredPoint } from '../../enc/sweep/points';
import type { Failure } from '../../network/failure';
import type { Preprocessing } from '../../network/images';
import type { ExportedNetwork, ImagesSummary, NetworkSummary } from '../../../workers/protocol/service';
import type { Studio } from '../../../workers/protocol/studio';
import type { SampleManifest } from '../model/samples/manifest';
import type { SplitSizes } from '../model/parts';
import type { Measurement } from '../model/measurement';
import type { PairSide } from '../model/methods';
import type { PlannedMethod, Planner, Plans } from '../model/planning/planner';
import type { DetectionNote } from '../model/preprocessing/detection';
import type { RaceState } from '../model/race';
import type { RepairNote } from '../model/repair';
import type { MetricChoice, ShownCurves } from '../model/shown';
import type { Jobs } from './jobs';

/** Which backend really runs, on how many threads. */
export type StartedBackend = Extract<Awaited<ReturnType<Studio['start']>>, { ok: true }>['value'];

/** A network that was opened, with what is known about it so far. */
export interface NetworkState {
  /** Name of its file, without ending. */
  readonly title: string;
  readonly summary: NetworkSummary;
  /** Energy curves by layer; they arrive one by one. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** The curves of the chosen metric, as far as it is measured: what plans are made from. */
  readonly shown: ShownCurves;
  readonly planner: Planner;
}

/** What the person asked for. */
export interface Requested {
  /** Share of the original MACs, 0.05 to 1. */
  readonly target: number;
  /** The method whose ranks the table and the curves show. */
  readonly method: Method;
  readonly overrides: LayerOverrides;
  readonly preprocessing: Preprocessing;
  /** Whether nobody has chosen the preprocessing yet. */
  readonly preprocessingIsGuess: boolean;
  /** Which metric's curves drive the methods. */
  readonly metric: MetricChoice;
  /** Splits the images. */
  readonly seed: number;
  /** null for the default sizes. */
  readonly split: SplitSizes | null;
  /** Whether ENC-Model searches every rank; null does so where divergence drives it. */
  readonly searchesAll: boolean | null;
  /** Plans that ENC-Inf races. */
  readonly candidates: number;
  /** The two methods that stand side by side. */
  readonly pair: readonly [PairSide, PairSide];
  /** Whether plans are repaired on the calibration images before they count. */
  readonly isRepairing: boolean;
}

/** What was last worked out; charts and tables draw from this, so they never blank. */
export interface Completed {
  readonly target: number;
  readonly plans: Plans;
}

/** A file that was written, read back and compared. */
export interface ExportNote {
  readonly ranks: string;
  readonly fileName: string;
  readonly comparison: ExportedNetwork['comparison'];
}

export type Theme = 'system' | 'light' | 'dark';

export interface Ui {
  /** Layer under the pointer or the keyboard, marked everywhere; null for none. */
  readonly focusedLayer: string | null;
  /** Layer whose details are shown. */
  readonly selectedLayer: string | null;
  readonly theme: Theme;
  /** Whether the dialog with the images is open. */
  readonly isLookingAtImages: boolean;
  /** Whether the dialog that compares two methods is open. */
  readonly isComparing: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** What was measured on selection images, one layer cut at a time. */
export interface SweepState {
  /** Network, images and preprocessing that the points hold for; null before there is anything to measure. */
  readonly identity: string | null;
  readonly points: readonly MeasuredPoint[];
  readonly isPaused: boolean;
  /** Names the sweep that was measured to its end. */
  readonly finishedKey: string | null;
}

/** What is known of the built-in samples. */
export interface SamplesState {
  /** Null until it was read. */
  readonly manifest: SampleManifest | null;
  /** Why it could not be read. */
  readonly failure: Failure | null;
  /** Names of samples by the fingerprint of their network, as far as they were opened. */
  readonly opened: Readonly<Record<string, string>>;
  /** Fingerprint of the validation images, once they were opened. */
  readonly images: string | null;
}

export interface StudioState {
  readonly backend: StartedBackend | null;
  readonly network: NetworkState | null;
  readonly images: ImagesSummary | null;
  /** Images of their own for calibration and selection; null takes those from `images`. */
  readonly tuning: ImagesSummary | null;
  readonly requested: Requested;
  readonly completed: Completed | null;
  /** A plan that was put aside to be compared with; of the present network. */
  readonly saved: PlannedMethod | null;
  /** By {@link measurementKey}; kept for the whole session, so nothing is run twice. */
  readonly measurements: Readonly<Record<string, Measurement>>;
  readonly exports: Readonly<Record<Method, ExportNote>>;
  /** What trying every preset showed last. */
  readonly detection: DetectionNote | null;
  readonly sweep: SweepState;
  readonly race: RaceState | null;
  /** What repair made of plans, by {@link measurementKey} of the truncated plan. */
  readonly repairs: Readonly<Record<string, RepairNote>>;
  readonly jobs: Jobs;
  readonly samples: SamplesState;
  readonly ui: Ui;
}

export const targetRange = { min: 0.05, max: 1, step: 0.005, page: 0.05 } as const;

/** Before anything is opened. */
export const initialState: StudioState = {
  backend: null,
  network: null,
  images: null,
  tuning: null,
  requested: {
    target: 0.5,
    method: 'map',
    overrides: {},
    preprocessing: { channels: 'rgb', mean: [0], scale: [1 / 255] },
    preprocessingIsGuess: true,
    metric: 'auto',
    seed: 0,
    split: null,
    searchesAll: null,
    candidates: 20,
    pair: ['map', 'inf'],
    isRepairing: true,
  },
  completed: null,
  saved: null,
  measurements: {},
  exports: {},
  detection: null,
  sweep: { identity: null, points: [], isPaused: false, finishedKey: null },
  race: null,
  repairs: {},
  jobs: {},
  samples: { manifest: null, failure: null, opened: {}, images: null },
  ui: {
    focusedLayer: null,
    selectedLayer: null,
    theme: 'system',
    isLookingAtImages: false,
    isComparing: false,
    canUndo: false,
    canRedo: false,
  },
};
