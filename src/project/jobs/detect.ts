import { detectPreprocessing } from '../detecting';
import { canonicalKey } from '../../network/canonical';
import { noteOf } from '../detection';
import type { BackgroundJob, BackgroundTask } from '../background';
import { detecting } from '../kinds';
import { isRunning } from '../jobStatus';
import { samePreprocessing } from '../preprocessing';
import type { ProjectState } from '../state';
import { withPreprocessing } from '../transitions';

/** The network and images whose preprocessing is looked for; null where there is nothing to look with. */
export function detectTask({ network, images, tuning, backend }: ProjectState): BackgroundTask | null {
  if (!network || !images || !backend) return null;
  const sets = [images, tuning].map((set) => set?.fingerprint ?? null);
  return { key: canonicalKey([network.summary.fingerprint, sets]) };
}

/**
 * Finds the preprocessing, once for every network and set of images, where neither the network's files nor a
 * sample nor a person says it; a choice by hand ends it.
 */
export const detect: BackgroundJob = {
  kind: detecting,
  label: 'The preprocessing',
  lane: 'foreground',
  order: 1,
  isToldElsewhere: true,
  rest: () => 200,
  wanted: (state) => {
    const task = detectTask(state);
    const { settings, detection } = state.document;
    if (!task || !settings.preprocessingIsGuess || isRunning(state.jobs, 'sample')) return [];
    const isKnown =
      detection?.network === state.network?.summary.fingerprint &&
      detection?.images === state.images?.fingerprint;
    return isKnown ? [] : [task];
  },
  title: () => 'Finding the preprocessing',
  async run(_task, { studio, signal, onProgress, getState, update }) {
    const { network, images, tuning } = getState();
    const found = await detectPreprocessing(studio, signal, network!.summary, tuning ?? images!, onProgress);
    if (!found.ok) return found;
    const note = noteOf(network!.summary.fingerprint, images!.fingerprint, found.value);
    update((state) => {
      const { preprocessing } = note.best;
      const isSame = samePreprocessing(state.document.settings.preprocessing, preprocessing);
      const { document, ...rest } = isSame ? state : withPreprocessing(state, preprocessing);
      const settings = { ...document.settings, preprocessingIsGuess: note.isGuess };
      return { ...rest, document: { ...document, settings, detection: note } };
    });
    return found;
  },
};
