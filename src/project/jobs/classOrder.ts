import { detectPreprocessing } from '../detecting';
import type { BackgroundJob, BackgroundTask } from '../background';
import { isRunning } from '../jobStatus';
import { detecting, ordering } from '../kinds';
import { orderQuestion, type OrderQuestion } from '../labelling';
import { inputPreprocessing, presetOf } from '../preprocessing';
import type { ProjectState } from '../state';
import type { ImagesSummary } from '../../../workers/protocol/summaries';
import { withOrderNote } from '../transitions';

/** A set of images and the orders that its classes may be in. */
export interface OrderTask extends BackgroundTask {
  readonly set: ImagesSummary;
  readonly question: OrderQuestion;
}

/** The question of a set's order that has no answer yet; null where there is none. */
export function orderTask(set: ImagesSummary | null, state: ProjectState): OrderTask | null {
  const question = orderQuestion(set, state);
  if (!set || !question || question.key in state.document.orders) return null;
  return { key: question.key, set, question };
}

/**
 * Finds the order of the classes where nothing says it and the usual orders differ: runs the original network on a
 * few hundred labelled images, and counts right answers in every order. Detection of the preprocessing does the same
 * for the images that it runs on.
 */
export const classOrder: BackgroundJob<OrderTask> = {
  kind: ordering,
  label: 'The order of the classes',
  stage: 'order of the classes',
  lane: 'foreground',
  order: 1.5,
  rest: () => 200,
  wanted(state) {
    const isEarly = isRunning(state.jobs, 'sample') || isRunning(state.jobs, detecting);
    if (!state.backend || isEarly) return [];
    return [state.images, state.tuning].flatMap((set) => orderTask(set, state) ?? []);
  },
  title: () => 'Finding the order of the classes',
  async run({ key, set, question }, { studio, signal, onProgress, getState, update }) {
    const state = getState();
    const preprocessing = inputPreprocessing(state);
    // Whether it has a name does not matter: it is the only one.
    const named = presetOf(preprocessing);
    const candidates = [{ preset: named === 'custom' ? 'raw' : named, preprocessing } as const];
    const asked = { ...set, readings: question.readings };
    const { summary } = state.network!;
    const found = await detectPreprocessing(studio, signal, summary, asked, onProgress, candidates);
    if (found.ok) update((next) => withOrderNote(next, key, found.value.order!));
    return found;
  },
};
