import { initialProject, type ProjectState } from '../../project/state';
import type { Failure } from '../../network/failure';
import type { ExportedNetwork } from '../../../workers/protocol/export';
import type { SampleManifest } from '../model/samples/manifest';

/** A file that was written, read back and compared. */
export interface ExportNote {
  /** Key of the recipe that it was written from, as it was planned. */
  readonly recipe: string;
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

/** A project, and what only the page knows. */
export interface StudioState extends ProjectState {
  /** By method. */
  readonly exports: Readonly<Record<string, ExportNote>>;
  /** By method whose file waits for its repair: the key of that repair. */
  readonly waitingDownloads: Readonly<Record<string, string>>;
  readonly samples: SamplesState;
  readonly ui: Ui;
}

/** Before anything is opened. */
export const initialState: StudioState = {
  ...initialProject,
  exports: {},
  waitingDownloads: {},
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
