import { detectPreprocessing } from '../detecting';
import { canonicalKey } from '../../network/canonical';
import { noteOf } from '../detection';
import type { BackgroundJob, BackgroundTask } from '../background';
import { detecting } from '../kinds';
import { isRunning } from '../jobStatus';
import { isAtChance } from '../chance';
import { samePreprocessing } from '../preprocessing';
import type { ProjectState } from '../state';
import { orderQuestion } from '../labelling';
import { withDetection, withOrderNote, withPreprocessing } from '../transitions';

/** The network and images whose preprocessing is looked for; null where there is nothing to look with. */
export function detectTask({ network, images, tuning, backend }: ProjectState): BackgroundTask | null {
  if (!network || !images || !backend) return null;
  const sets = [images, tuning].map((set) => set?.fingerprint ?? null);
  return { key: canonicalKey([network.summary.fingerprint, sets]) };
}

/** Which images, and what to do with what is found. */
interface DetectTask extends BackgroundTask {
  /** Only looks whether another preset is better: somebody has said the preprocessing in use. */
  readonly isDoubt?: boolean;
}

/**
 * Whether trying can say anything: answers without labels are only more or less sure, which is worth less than what
 * the network's own scaling shows.
 */
function canTell({ images, network }: ProjectState): boolean {
  return Boolean(images?.labels) || !network?.summary.scaling?.range;
}

/**
 * Finds the preprocessing, once for every network and set of images, where neither the network's files nor a
 * sample nor a person says it; a choice by hand ends it. Where what was said gives chance accuracy, it looks whether
 * another preset does not.
 */
export const detect: BackgroundJob<DetectTask> = {
  kind: detecting,
  label: 'The preprocessing',
  stage: 'preprocessing',
  lane: 'foreground',
  needsNoFactors: true,
  order: 1,
  isToldElsewhere: true,
  rest: () => 200,
  wanted: (state) => {
    const task = detectTask(state);
    const { settings, detection } = state.document;
    const isDoubt = !settings.preprocessingIsGuess;
    if (!task || isRunning(state.jobs, 'sample')) return [];
    if (isDoubt ? !isAtChance(state) : !canTell(state)) return [];
    const isKnown =
      detection?.network === state.network?.summary.fingerprint &&
      detection?.images === state.images?.fingerprint;
    return isKnown ? [] : [{ ...task, isDoubt }];
  },
  title: () => 'Finding the preprocessing',
  async run({ isDoubt = false }, { studio, signal, onProgress, getState, update }) {
    const { network, images, tuning } = getState();
    const set = tuning ?? images!;
    const question = orderQuestion(set, getState());
    const asked = { ...set, readings: question?.readings ?? [] };
    const found = await detectPreprocessing(studio, signal, network!.summary, asked, onProgress);
    if (!found.ok) return found;
    const { order } = found.value;
    const note = noteOf(network!.summary.fingerprint, images!.fingerprint, found.value);
    update((state) => {
      if (isDoubt) return withDetection(state, note);
      const { preprocessing } = note.best;
      const isSame = samePreprocessing(state.document.settings.preprocessing, preprocessing);
      const { document, ...rest } = isSame ? state : withPreprocessing(state, preprocessing);
      const settings = { ...document.settings, preprocessingIsGuess: note.isGuess };
      const detected = { ...rest, document: { ...document, settings, detection: note } };
      // The answer is named by the preprocessing, too, which is another now.
      const answered = order && orderQuestion(set, detected);
      if (!answered) return detected;
      const ordered = withOrderNote(detected, answered.key, order);
      // It holds for the images with their labels as they are read now.
      const own = { ...note, images: ordered.images!.fingerprint };
      return { ...ordered, document: { ...ordered.document, detection: own } };
    });
    return found;
  },
};
