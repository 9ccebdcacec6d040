import { outcomeOf, type Outcome } from '../../network/failure';
import {
  loadCalibrationFiles,
  loadManifest,
  loadNetworkFile,
  loadValidationFiles,
} from '../model/samples/files';
import { samplePreprocessing, type SampleManifest } from '../model/samples/manifest';
import { shownSample, withoutStrayImages } from '../store/samplesState';
import type { SamplesState } from '../store/state';
import type { StudioStore } from '../store/store';
import { isRunning, onlyJob } from '../../project/jobStatus';
import { factorising } from '../../project/kinds';
import { withPreprocessing } from '../../project/transitions';
import type { JobRunner } from '../../project/jobRunner';
import type { OpeningActions } from './opening';

const sampleJob = onlyJob('sample');

export interface SampleActions {
  /** Opens a built-in network with the validation images and the preprocessing that belong to it. */
  openSample(name: string): Promise<void>;
  /** Reads the list of samples, for the gallery; a failure is noted beside it. */
  loadSamples(): Promise<void>;
}

/** The samples, and opening with them in mind: what the person opens goes before a sample that is still loading. */
export function createSamples(
  store: StudioStore,
  jobs: JobRunner,
  opening: OpeningActions,
): SampleActions & OpeningActions {
  const setSamples = (change: Partial<SamplesState>) =>
    store.setState(({ samples }) => ({ samples: { ...samples, ...change } }));

  async function manifestOf(signal?: AbortSignal): Promise<SampleManifest> {
    const known = store.getState().samples.manifest;
    if (known) return known;
    const manifest = await loadManifest(signal);
    setSamples({ manifest, failure: null });
    return manifest;
  }

  async function loadSamples(): Promise<void> {
    const outcome = await outcomeOf(() => manifestOf());
    if (!outcome.ok) setSamples({ failure: outcome.failure });
  }

  /** Opens the sample's network, unless it is open; whether it is now. Its preprocessing follows at once. */
  async function takeNetwork(name: string, file: File, manifest: SampleManifest): Promise<boolean> {
    if (shownSample(store.getState()) !== name) {
      const former = store.getState().network;
      await opening.openNetwork([file]);
      const { network, samples } = store.getState();
      if (!network || network === former) return false;
      setSamples({ opened: { ...samples.opened, [network.summary.fingerprint]: name } });
    }
    // Before any measurement starts: those wait until the page has rested.
    store.setState((state) => withPreprocessing(state, samplePreprocessing(manifest)));
    return true;
  }

  /** Opens the validation images, unless they are open. */
  async function takeImages(files: readonly File[]): Promise<void> {
    const former = store.getState().images;
    if (former && former.fingerprint === store.getState().samples.images) return;
    await opening.openImages(files);
    const { images } = store.getState();
    if (images && images !== former) setSamples({ images: images.fingerprint });
  }

  /**
   * Opens the calibration images, unless they are open, where the validation images are.
   *
   * @param fetching the files, where they were asked for before
   */
  async function takeTuning(name: string, fetching: Promise<readonly File[]> | null, signal: AbortSignal) {
    const { images, samples, tuning } = store.getState();
    if (tuning || !images || images.fingerprint !== samples.images) return;
    const files = await (fetching ?? loadCalibrationFiles(name, signal));
    signal.throwIfAborted();
    if (store.getState().images !== images) return;
    await opening.openTuning(files);
    setSamples({ tuning: store.getState().tuning?.fingerprint ?? null });
  }

  async function open(name: string, signal: AbortSignal): Promise<null> {
    const manifest = await manifestOf(signal);
    const images = loadValidationFiles(manifest, signal);
    // Its failure is looked at further below, perhaps never.
    images.catch(() => undefined);
    const file = await loadNetworkFile(manifest, name, signal);
    signal.throwIfAborted();
    if (!(await takeNetwork(name, file, manifest))) return null;
    const files = await images;
    await untilFactorised(store, signal);
    signal.throwIfAborted();
    // Its failure is looked at after the validation images were read.
    const calibration = store.getState().tuning ? null : loadCalibrationFiles(name, signal);
    calibration?.catch(() => undefined);
    await takeImages(files);
    await takeTuning(name, calibration, signal);
    return null;
  }

  async function openSample(name: string): Promise<void> {
    await jobs.run<null>(sampleJob, `Loading the sample "${name}"`, async (signal) => {
      signal.addEventListener('abort', () => jobs.cancel(onlyJob('network'), 'studio'));
      return outcomeOf(() => open(name, signal)).catch(cancelledBy(signal));
    });
  }

  /** The person's own files go first. */
  const own =
    <Files extends readonly File[] | Promise<readonly File[]>>(openFiles: (files: Files) => Promise<void>) =>
    async (files: Files): Promise<void> => {
      if ((await files).length > 0) jobs.cancel(sampleJob, 'studio');
      return openFiles(files);
    };

  store.subscribe((state, former) => {
    if (state.network?.opened !== former.network?.opened) store.setState(withoutStrayImages);
  });
  return {
    openSample,
    loadSamples,
    openNetwork: own(opening.openNetwork),
    openWithInputSize: (size) => opening.openWithInputSize(size),
    openImages: own(opening.openImages),
    openTuning: own(opening.openTuning),
    openDropped: own(opening.openDropped),
  };
}

/** Unpacking images would hold up the threads while the first curves are awaited. */
function untilFactorised(store: StudioStore, signal: AbortSignal): Promise<void> {
  const isBusy = () => isRunning(store.getState().jobs, factorising) && !signal.aborted;
  return new Promise((resolve) => {
    const settle = () => {
      if (isBusy()) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = store.subscribe(settle);
    signal.addEventListener('abort', settle, { once: true });
    settle();
  });
}

/** An aborted request rejects; that it was aborted is no bug. */
function cancelledBy(signal: AbortSignal): (error: unknown) => Outcome<null> {
  return (error) => {
    if (!signal.aborted) throw error;
    return { ok: false, failure: { code: 'cancelled', message: 'Cancelled.' } };
  };
}
