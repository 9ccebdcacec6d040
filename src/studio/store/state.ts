import { initialProject, type ProjectState } from '../../project/state';
import { initialLayersView, type LayersView } from '../../project/layerOrder';
import type { LayerSettings } from '../../project/layerSettings';
import type { Accuracy } from '../../project/measurements';
import type { Failure } from '../../network/failure';
import type { ExportedNetwork } from '../../../workers/protocol/export';
import type { SampleManifest } from '../model/samples/manifest';
import type { Glance, Role, SessionRecord } from './sessionRecord';

/** What storing in fewer bits did to a network. */
export interface StoredNote {
  /** "int8 weights" */
  readonly title: string;
  /** On the report images, as the file computes; null without images to tell by. */
  readonly accuracy: Accuracy | null;
  /** Before it was stored; null where that was not measured. */
  readonly before: Accuracy | null;
}

/** A file that was written, read back and compared. */
export interface ExportNote {
  /** Key of the recipe that it was written from, as it was planned. */
  readonly recipe: string;
  readonly fileName: string;
  readonly comparison: ExportedNetwork['comparison'];
  /** What storing it in fewer bits did; null where it is in float32. */
  readonly stored: StoredNote | null;
}

export type Theme = 'system' | 'light' | 'dark';

export interface Ui {
  /** Layer under the pointer or the keyboard, marked everywhere; null for none. */
  readonly focusedLayer: string | null;
  /** Layer whose details are shown. */
  readonly selectedLayer: string | null;
  /** Layers that are acted on together; of none the one whose details are shown. */
  readonly selectedLayers: readonly string[];
  /** How the table of layers is looked at. */
  readonly layersView: LayersView;
  readonly theme: Theme;
  /** Whether the dialog with the images is open. */
  readonly isLookingAtImages: boolean;
  /** Whether the dialog that compares two methods is open. */
  readonly isComparing: boolean;
  /** Whether the dialog with everything that was measured is open. */
  readonly isLookingAtHistory: boolean;
  /** Whether the dialog is open that shows how it works, with the network's own numbers. */
  readonly isExplaining: boolean;
  /** Whether the page is explained. */
  readonly isFirstVisit: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Starts a newer build of the studio that has come; null where there is none. */
  readonly takeUpdate: (() => void) | null;
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
  /** Fingerprint of the calibration images, once they were opened. */
  readonly tuning: string | null;
}

/** A session whose files are not kept: it goes on once they are opened again. */
export interface AskedSession {
  readonly record: SessionRecord;
  /** Roles whose files were read again. */
  readonly found: readonly Role[];
  /** Why files that were opened for a role are not taken. */
  readonly failures: Readonly<Partial<Record<Role, Failure>>>;
}

/** How the session is kept. */
export interface SessionState {
  /** null before anything is open. */
  readonly id: string | null;
  /** When it was saved last, in milliseconds since 1970; null before. */
  readonly savedAt: number | null;
  /** Why the last attempt to save it, or its files, failed. */
  readonly failure: Failure | null;
  /** Whether a person lets the browser keep files; null while nobody has said. */
  readonly keepsFiles: boolean | null;
  /** Whether the browser can. */
  readonly canKeepFiles: boolean;
  readonly asked: AskedSession | null;
  /** Those that are kept, the newest first; null before they were looked for. */
  readonly list: readonly Glance[] | null;
  /** Bytes of files that are kept for all sessions, and of everything that the studio keeps in this browser. */
  readonly used: { readonly files: number; readonly all: number | null } | null;
}

/** A project, and what only the page knows. */
export interface StudioState extends ProjectState {
  /** What a link decides about layers, by any name of theirs, until a network is opened that has them; null for nothing. */
  readonly linked: LayerSettings | null;
  /** By method. */
  readonly exports: Readonly<Record<string, ExportNote>>;
  /** By method whose file waits for its repair: the key of that repair. */
  readonly waitingDownloads: Readonly<Record<string, string>>;
  readonly samples: SamplesState;
  readonly session: SessionState;
  readonly ui: Ui;
}

/** Before anything is opened. */
export const initialState: StudioState = {
  ...initialProject,
  plansInFrames: true,
  linked: null,
  exports: {},
  waitingDownloads: {},
  samples: { manifest: null, failure: null, opened: {}, images: null, tuning: null },
  session: {
    ...{ id: null, savedAt: null, failure: null, keepsFiles: null, canKeepFiles: false },
    ...{ asked: null, list: null, used: null },
  },
  ui: {
    focusedLayer: null,
    selectedLayer: null,
    selectedLayers: [],
    layersView: initialLayersView,
    theme: 'system',
    isLookingAtImages: false,
    isComparing: false,
    isLookingAtHistory: false,
    isExplaining: false,
    isFirstVisit: false,
    canUndo: false,
    canRedo: false,
    takeUpdate: null,
  },
};
