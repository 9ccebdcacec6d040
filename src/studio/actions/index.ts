import type { Method } from '../../enc/plan';
import type { Outcome } from '../../network/failure';
import type { Preprocessing } from '../../network/images';
import type { Studio } from '../../../workers/protocol/studio';
import { thumbnailsKind } from '../../../workers/protocol/thumbnails';
import type { JobId } from '../store/jobs';
import type { Requested, Theme } from '../store/state';
import type { StudioStore } from '../store/store';
import type { ExportFormat } from '../model/exportFormats';
import {
  withJob,
  withOverride,
  withPreprocessing,
  withRequested,
  withTarget,
  withTuning,
} from '../store/transitions';
import { createCorrectStore } from '../../../workers/client/marksStore';
import { createPointStore } from '../../../workers/client/pointStore';
import { keepDetecting } from './detecting';
import { download, downloadPlan } from './exporting';
import type { PlanFormat } from '../model/planning/planFiles';
import type { PlannedMethod } from '../model/planning/planner';
import { measureFigure } from './figure';
import { keepHistory, listenForUndo } from './history';
import { createJobRunner } from './jobRunner';
import { keepLocation } from './location';
import { keepMeasuring } from './measuring';
import { createOpening, type OpeningActions } from './opening';
import { factorise, keepPlanning } from './planning';
import { keepRacing } from './racing';
import { keepRepairing } from './repairing';
import { createSamples, type SampleActions } from './samples';
import { keepSweeping } from './sweeping';
import { applyTheme } from './theme';

/** Everything that a person can do on the page. */
export interface Actions extends OpeningActions, SampleActions {
  setTarget(target: number): void;
  selectMethod(method: Method): void;
  /** Marks a layer everywhere while the pointer or the keyboard is on it. */
  focusLayer(layer: string | null): void;
  selectLayer(layer: string): void;
  /** Includes a layer in rank selection, or keeps it as it is. */
  setLayerCut(layer: string, isCut: boolean): void;
  setPreprocessing(preprocessing: Preprocessing): void;
  /** Runs a few hundred images through every preset and takes the best. */
  detectPreprocessing(): void;
  retryMeasurement(id: JobId): void;
  /** Changes what drives the plans: metric, split, seed, search, pair, repair. */
  request(change: RequestedChange): void;
  /** Opens images of their own for calibration and selection. */
  openTuning(files: readonly File[]): Promise<void>;
  /** Takes calibration and selection images from the opened ones again. */
  closeTuning(): void;
  pauseSweep(): void;
  resumeSweep(): void;
  retryRace(): void;
  retryRepair(method: Method): void;
  measureFigure(): void;
  compare(isOpen: boolean): void;
  /** Puts a plan aside to compare others with. */
  savePlan(planned: PlannedMethod): void;
  /** Hands a method's plan to the browser as a file. */
  downloadPlan(method: Method, format: PlanFormat): void;
  /** Which operators each format is read and written with, for the help. */
  operatorTable(): ReturnType<Studio['operatorTable']>;
  undo(): void;
  redo(): void;
  /** Writes a method's network in a format, checks it and hands it to the browser. */
  download(method: Method, format: ExportFormat): void;
  cancel(id: JobId): void;
  /** Takes the note of a failed or cancelled job away. */
  dismiss(id: JobId): void;
  setTheme(theme: Theme): void;
  /** Opens the dialog with the images, beside a method's answers where one is given. */
  lookAtImages(method?: Method): void;
  closeImages(): void;
  /** Pixels of some of the open images: NHWC bytes. */
  imagePixels(indices: Uint32Array): Promise<Outcome<Uint8Array>>;
}

/** What a person may change of what was asked for, beside the target, the method and single layers. */
export type RequestedChange = Partial<
  Pick<Requested, 'metric' | 'split' | 'seed' | 'searchesAll' | 'candidates' | 'pair' | 'isRepairing'>
>;

/** Starts the threads and everything that follows the state by itself, and returns what a person can do. */
export function createActions(
  store: StudioStore,
  studio: Studio,
  backend: Parameters<Studio['start']>[0],
): Actions {
  const jobs = createJobRunner(store);
  const started = jobs.run('backend', 'Starting the compute threads', () => studio.start(backend));
  void started.then((outcome) => {
    if (outcome.ok) store.setState({ backend: outcome.value });
  });
  keepPlanning(store);
  keepLocation(store);
  const detecting = keepDetecting(store, studio, jobs);
  const measuring = keepMeasuring(store, studio, jobs);
  const sweeping = keepSweeping(store, studio, jobs, createPointStore());
  const racing = keepRacing(store, studio, jobs, createCorrectStore());
  const repairing = keepRepairing(store, studio, jobs);
  const history = keepHistory(store);
  listenForUndo(history);
  const opening = createOpening(store, studio, jobs, started, () => void factorise(store, studio, jobs));
  const samples = createSamples(store, jobs, opening);
  const setUi = (change: Partial<ReturnType<typeof store.getState>['ui']>) =>
    store.setState((state) => ({ ui: { ...state.ui, ...change } }));
  return {
    ...samples,
    setTarget: (target) => store.setState((state) => withTarget(state, target)),
    selectMethod: (method) => store.setState((state) => ({ requested: { ...state.requested, method } })),
    focusLayer: (focusedLayer) => {
      if (store.getState().ui.focusedLayer !== focusedLayer) setUi({ focusedLayer });
    },
    selectLayer: (selectedLayer) => setUi({ selectedLayer }),
    setLayerCut: (layer, isCut) => store.setState((state) => withOverride(state, layer, isCut)),
    setPreprocessing: (preprocessing) => store.setState((state) => withPreprocessing(state, preprocessing)),
    detectPreprocessing: () => detecting.run(),
    retryMeasurement: (id) => measuring.retry(id),
    download: (method, format) => void download(store, studio, jobs, method, format, repairing),
    request: (change) => store.setState((state) => withRequested(state, change)),
    closeTuning: () => store.setState((state) => withTuning(state, null)),
    pauseSweep: () => sweeping.pause(),
    resumeSweep: () => sweeping.resume(),
    retryRace: () => racing.retry(),
    retryRepair: (method) => repairing.retry(method),
    measureFigure: () => void measureFigure(store, studio, jobs),
    compare: (isComparing) => setUi({ isComparing }),
    savePlan: (saved) => store.setState({ saved }),
    downloadPlan: (method, format) => downloadPlan(store.getState(), method, format),
    operatorTable: () => studio.operatorTable(new AbortController().signal),
    undo: () => history.undo(),
    redo: () => history.redo(),
    cancel: (id) => jobs.cancel(id, 'person'),
    dismiss: (id) => store.setState((state) => withJob(state, id, null)),
    setTheme: (theme) => {
      applyTheme(theme);
      setUi({ theme });
    },
    lookAtImages: (method) => {
      if (method) store.setState((state) => ({ requested: { ...state.requested, method } }));
      setUi({ isLookingAtImages: true });
    },
    closeImages: () => setUi({ isLookingAtImages: false }),
    imagePixels: (indices) => {
      const task = { images: store.getState().images?.fingerprint ?? '', indices };
      return studio.run(new AbortController().signal, thumbnailsKind, task, () => undefined);
    },
  };
}
