import type { Budget } from '../../enc/costs';
import type { Outcome } from '../../network/failure';
import type { Preprocessing } from '../../network/images';
import type { CornerSizes, KernelCorner } from '../../network/kernelCorner';
import type { SplitLayer } from '../../../workers/protocol/factors';
import { kernelCornerKind } from '../../../workers/protocol/kernelCorner';
import { thumbnailsKind } from '../../../workers/protocol/thumbnails';
import type { Studio } from '../../../workers/protocol/studio';
import { detectTask } from '../../project/jobs/detect';
import { backgroundJobs } from '../../project/jobs';
import { createJobRunner } from '../../project/jobRunner';
import { listed, onlyJob, withStatus, type JobId } from '../../project/jobStatus';
import { detecting, repairing } from '../../project/kinds';
import { savedFrom, settingsOfPlan, type MeasuredPlan } from '../../project/measuredPlans';
import type { HistoryNote } from '../../project/document';
import type { PlanFormat } from '../../project/planFiles';
import type { PlannedMethod } from '../../project/plans';
import { repairTaskOf } from '../../project/repairs';
import type { Settings } from '../../project/settings';
import { supervise, type WaitingWork } from '../../project/supervisor';
import { withCurvesFrom, withHistoryNote, withSavedPlan } from '../../project/foundTransitions';
import {
  withCost,
  withPreprocessing,
  withSecond,
  withSettings,
  withTarget,
  withTuning,
} from '../../project/transitions';
import type { StudioState, Theme } from '../store/state';
import { projectStoreOf, type StudioStore } from '../store/store';
import { noteBackend, noteStorage } from './backendNote';
import { createBrowserCaches } from './browserCaches';
import { createDistilling, type DistilActions } from './distilling';
import { createDownloads, downloadPlan, type DownloadActions } from './exporting';
import { measureFigure } from './figure';
import { nextFrame } from './frames';
import { keepHistory, listenForUndo } from './history';
import { keepOpen } from './keepOpen';
import { rememberVisit } from './introduction';
import { createLayerActions, type LayerActions } from './layers';
import { keepLocation } from './location';
import { createByBytes } from './byBytes';
import { createLossless } from './lossless';
import { createMultiples } from './multiples';
import { createOpening, type OpeningActions } from './opening';
import { keepPlanning } from './planning';
import { downloadPoints } from './points';
import { downloadReport, type ReportFormat } from './report';
import { createSamples, type SampleActions } from './samples';
import { createSessions, type SessionActions } from './sessions';
import { applyTheme } from './theme';

/** Everything that a person can do on the page. */
export interface Actions
  extends OpeningActions, SampleActions, DownloadActions, SessionActions, LayerActions, DistilActions {
  setTarget(target: number): void;
  /** Says what the target is a share of. */
  setCost(cost: string): void;
  /** A second budget that plans keep beside the target; null for none. */
  setSecond(budget: Budget | null): void;
  selectMethod(method: string): void;
  setPreprocessing(preprocessing: Preprocessing): void;
  /** Runs a few hundred images through every preset and takes the best. */
  detectPreprocessing(): void;
  /** Changes settings. */
  request(change: Partial<Settings>): void;
  /** Opens images of their own for calibration and selection. */
  openTuning(files: readonly File[]): Promise<void>;
  /** Takes calibration and selection images from the opened ones again. */
  closeTuning(): void;
  /** Halts a kind of background work; nothing that it has done is lost. */
  pause(kind: string): void;
  /** Lets a kind of background work go on after a pause, a cancellation or a failure. */
  resume(kind: string): void;
  /** Stops everything that runs or waits, but for what is being opened or written on disk already. */
  stopAll(): void;
  /** Goes on with everything that was stopped. */
  resumeAll(): void;
  /** What will run by itself, in its order. */
  waitingWork(): readonly WaitingWork[];
  /** Does a task again that failed or was cancelled. */
  retry(id: JobId): void;
  /** Repairs a side's plan now. */
  repair(side: string): void;
  /** Repairs every method's plan at the present target. */
  repairAll(): void;
  /** Downloads the points of the curves as a folder that other machines go on from. */
  downloadPoints(): void;
  /** Draws the curves through the points of the present selection images again. */
  dropPoints(): void;
  measureFigure(): void;
  /** Looks for the smallest plan of the chosen method without loss, and goes there unless the slider was moved. */
  findLossless(): void;
  /** Times the chosen method's plan with ranks of several multiples, and takes the multiple that is fastest here. */
  findMultiple(): void;
  /** Stops that; what was tried stays. */
  stopLossless(): void;
  /** Measures the original and the chosen method's plans by the bytes that they take. */
  measureByBytes(): void;
  /** Stops that; what was measured stays. */
  stopByBytes(): void;
  compare(isOpen: boolean): void;
  /** Opens or closes the dialog with everything that was measured. */
  lookAtHistory(isOpen: boolean): void;
  /** Opens or closes the dialog that shows how it works, with the network's own numbers. */
  explain(isOpen: boolean): void;
  /** A corner of a layer's kernel beside its factors. @param most of it */
  kernelCorner(layer: SplitLayer, most: CornerSizes): Promise<Outcome<KernelCorner>>;
  /** Names a measured plan, or keeps it at hand. */
  notePlan(plan: MeasuredPlan, change: Pick<Partial<HistoryNote>, 'name' | 'isKept'>): void;
  /** Asks again for what a measured plan followed from. */
  goBackTo(plan: MeasuredPlan): void;
  /** Puts a measured plan beside the chosen method's, and closes the history. */
  compareWith(plan: MeasuredPlan): void;
  /** Puts a plan aside to compare others with. */
  savePlan(planned: PlannedMethod): void;
  /** Hands a method's plan to the browser as a file. */
  downloadPlan(method: string, format: PlanFormat): void;
  /** Hands a report of what was found to the browser. */
  downloadReport(format: ReportFormat): void;
  /** Which operators each format is read and written with, for the help. */
  operatorTable(): ReturnType<Studio['operatorTable']>;
  undo(): void;
  redo(): void;
  cancel(id: JobId): void;
  /** Takes the note of a failed or cancelled job away. */
  dismiss(id: JobId): void;
  setTheme(theme: Theme): void;
  /** Explains the page no more. */
  endFirstVisit(): void;
  /** Shows that a newer build of the studio has come. @param take starts it */
  offerUpdate(take: () => void): void;
  /** Opens the dialog with the images, beside a method's answers where one is given. */
  lookAtImages(method?: string): void;
  closeImages(): void;
  /** Pixels of some of the open images: NHWC bytes. */
  imagePixels(indices: Uint32Array): Promise<Outcome<Uint8Array>>;
}

/** Starts the threads and everything that follows the state by itself, and returns what a person can do. */
export function createActions(
  store: StudioStore,
  studio: Studio,
  backend: Parameters<Studio['start']>[0],
): Actions {
  const project = projectStoreOf(store);
  const jobs = createJobRunner(project, nextFrame, reportError);
  const started = jobs.run(onlyJob('backend'), 'Starting the compute threads', () => studio.start(backend));
  void started.then((outcome) => {
    if (!outcome.ok) return;
    store.setState({ backend: outcome.value });
    const { doubt } = outcome.value;
    if (doubt !== undefined) noteBackend(store, 'Starting WebGPU', 'backend-unavailable', doubt);
  });
  keepPlanning(store);
  keepOpen(store, studio);
  keepLocation(store);
  const caches = createBrowserCaches((problem) => noteStorage(store, problem));
  const supervisor = supervise({
    store: project,
    studio,
    caches,
    runner: jobs,
    jobs: () => backgroundJobs.all,
  });
  const history = keepHistory(store);
  listenForUndo(history);
  const opening = createOpening(store, studio, jobs, started);
  const samples = createSamples(store, jobs, opening);
  const sessions = createSessions(store, studio, jobs, opening);
  const setUi = (change: Partial<StudioState['ui']>) =>
    store.setState((state) => ({ ui: { ...state.ui, ...change } }));
  const never = new AbortController().signal;
  return {
    ...samples,
    ...sessions,
    openDropped: async (dropped) => {
      const files = await Promise.resolve(dropped).catch(() => null);
      if (files === null) return samples.openDropped(dropped);
      // Whatever was still loading makes way.
      if (files.length > 0) jobs.cancel(onlyJob('sample'), 'studio');
      if (await sessions.openSessionFile(files)) return;
      const left = await sessions.offerFiles(files);
      // Whoever drops nothing is told so.
      if (left.length > 0 || files.length === 0) await samples.openDropped(left);
    },
    setTarget: (target) => store.setState((state) => withTarget(state, target)),
    setCost: (cost) => store.setState((state) => withCost(state, cost)),
    setSecond: (budget) => store.setState((state) => withSecond(state, budget)),
    selectMethod: (method) => store.setState((state) => withSettings(state, { method })),
    ...createLayerActions(store),
    setPreprocessing: (preprocessing) => store.setState((state) => withPreprocessing(state, preprocessing)),
    detectPreprocessing: () => {
      const task = detectTask(store.getState());
      if (task) void supervisor.ensure(detecting, task);
    },
    request: (change) => store.setState((state) => withSettings(state, change)),
    closeTuning: () => store.setState((state) => withTuning(state, null)),
    pause: (kind) => supervisor.pause(kind),
    resume: (kind) => supervisor.resume(kind),
    stopAll: () => {
      supervisor.stopAll();
      for (const { id, status } of listed(store.getState().jobs))
        if (status.state === 'running' && id.kind !== 'backend') jobs.cancel(id, 'person');
    },
    resumeAll: () => supervisor.resumeAll(),
    waitingWork: () => supervisor.waiting(),
    retry: (id) => supervisor.retry(id),
    repair: (side) => {
      const task = repairTaskOf(store.getState(), side);
      if (task) void supervisor.ensure(repairing, task);
    },
    repairAll: () => store.setState(({ document }) => ({ allRepairedAt: document.settings.target })),
    downloadPoints: () => void downloadPoints(store, jobs, caches),
    dropPoints: () => store.setState((state) => withCurvesFrom(state, null)),
    measureFigure: () => void measureFigure(store, studio, jobs, caches, supervisor),
    ...createLossless(store, jobs, supervisor),
    ...createMultiples(store, supervisor),
    ...createDistilling(store, jobs, supervisor),
    ...createByBytes(store, jobs, supervisor),
    compare: (isComparing) => setUi({ isComparing }),
    lookAtHistory: (isLookingAtHistory) => setUi({ isLookingAtHistory }),
    explain: (isExplaining) => setUi({ isExplaining }),
    kernelCorner: (layer, most) => {
      const network = store.getState().network?.summary.fingerprint ?? '';
      return studio.run(never, kernelCornerKind, { network, ...layer, most }, () => undefined);
    },
    notePlan: ({ recipe }, change) => store.setState((state) => withHistoryNote(state, recipe, change)),
    goBackTo: (plan) => {
      store.setState((state) => withSettings(state, settingsOfPlan(plan)));
      setUi({ isLookingAtHistory: false });
    },
    compareWith: (plan) => {
      store.setState((state) => {
        const { settings } = state.document;
        const next = withSavedPlan(state, savedFrom(plan, settings));
        return withSettings(next, { pair: [settings.method, 'saved'] });
      });
      setUi({ isLookingAtHistory: false, isComparing: true });
    },
    savePlan: ({ plan, recipe }) => {
      const { method, achieved, budget, costs } = plan;
      const saved = { method, target: budget.share, achieved, costs, recipe };
      store.setState((state) => withSavedPlan(state, saved));
    },
    downloadPlan: (method, format) => downloadPlan(store.getState(), method, format),
    downloadReport: (format) => downloadReport(store.getState(), format),
    operatorTable: () => studio.operatorTable(never),
    undo: () => history.undo(),
    redo: () => history.redo(),
    ...createDownloads({ store, studio, jobs, supervisor }),
    cancel: (id) => jobs.cancel(id, 'person'),
    dismiss: (id) => store.setState((state) => ({ jobs: withStatus(state.jobs, id, null) })),
    setTheme: (theme) => {
      applyTheme(theme);
      setUi({ theme });
    },
    endFirstVisit: () => {
      rememberVisit();
      setUi({ isFirstVisit: false });
    },
    offerUpdate: (takeUpdate) => setUi({ takeUpdate }),
    lookAtImages: (method) => {
      if (method) store.setState((state) => withSettings(state, { method }));
      setUi({ isLookingAtImages: true });
    },
    closeImages: () => setUi({ isLookingAtImages: false }),
    imagePixels: (indices) => {
      const images = store.getState().images?.fingerprint ?? '';
      return studio.run(never, thumbnailsKind, { images, indices }, () => undefined);
    },
  };
}
