import { detectPreprocessing } from '../../../workers/client/detecting';
import type { Studio } from '../../../workers/protocol/studio';
import { noteOf } from '../model/preprocessing/detection';
import { samePreprocessing } from '../model/preprocessing/presets';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { withJob, withPreprocessing } from '../store/transitions';
import type { JobRunner } from './jobRunner';

/** How long network and images must rest: less than a measurement waits, so that none starts in vain. */
const restMilliseconds = 200;

export interface Detecting {
  /** Runs every preset now and takes the best. */
  run(): void;
}

/**
 * Finds the preprocessing by itself, once for every network and set of images, where neither the network's files
 * nor a sample nor a person says it; a choice by hand ends it.
 */
export function keepDetecting(store: StudioStore, studio: Studio, jobs: JobRunner): Detecting {
  const tried = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(isAsked: boolean): Promise<void> {
    const { network, images, tuning } = store.getState();
    if (!network || !images) return;
    const judged = tuning ?? images;
    const key = pairOf(store.getState());
    if (key) tried.add(key);
    const outcome = await jobs.run('detect', 'Finding the preprocessing', (signal, onProgress) =>
      detectPreprocessing(studio, signal, network.summary, judged, onProgress),
    );
    if (!outcome.ok) {
      // What does not fit is spoken of where the images are; nobody asked for this attempt.
      if (!isAsked) store.setState((state) => withJob(state, 'detect', null));
      return;
    }
    const note = noteOf(network.summary.fingerprint, images.fingerprint, outcome.value);
    store.setState((state) => {
      const { preprocessing } = note.best;
      const isSame = samePreprocessing(state.requested.preprocessing, preprocessing);
      const next = isSame ? state : withPreprocessing(state, preprocessing);
      return {
        ...next,
        detection: note,
        requested: { ...next.requested, preprocessingIsGuess: note.isGuess },
      };
    });
  }

  function check(): void {
    clearTimeout(timer);
    const key = pairOf(store.getState());
    if (key === null || tried.has(key)) return;
    timer = setTimeout(() => {
      if (pairOf(store.getState()) === key) void run(false);
    }, restMilliseconds);
  }

  store.subscribe((state, former) => {
    const isRunning = state.jobs.detect?.state === 'running';
    if (isRunning && whatItIsAbout(state).some((part, index) => part !== whatItIsAbout(former)[index])) {
      jobs.cancel('detect', 'studio');
    }
    if (pairOf(state) !== pairOf(former)) check();
  });
  return { run: () => void run(true) };
}

/** A change of any of these makes a detection that is under way pointless. */
function whatItIsAbout({ network, images, tuning, requested }: StudioState): readonly unknown[] {
  return [network?.summary, images, tuning, requested.preprocessing];
}

/** Names the network and images whose preprocessing nobody has said; null where there is nothing to find. */
function pairOf({ network, images, backend, requested, jobs }: StudioState): string | null {
  if (!network || !images || !backend || !requested.preprocessingIsGuess) return null;
  if (jobs.sample?.state === 'running') return null;
  return `${network.summary.fingerprint} ${images.fingerprint}`;
}
