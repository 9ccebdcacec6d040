import { isOriginal, recipeKey, type Recipe } from '../compression/recipe';
import type { LatencyReport } from '../../workers/protocol/latency';
import type { BackgroundTask } from './background';
import { formatMilliseconds } from './latencyText';
import { formatTarget } from './numbers';
import { plannerWithMultiple } from './planning';
import { plansAt } from './plans';
import { resultsOf } from './results';
import { rankMultiples } from './settings';
import { multipleText } from './settingTexts';
import type { ProjectState } from './state';

/** The plans of a method at a target, ranks being multiples of one number after the other. */
export interface MultiplesTask extends BackgroundTask {
  readonly target: number;
  readonly plans: readonly { readonly multiple: number; readonly recipe: Recipe }[];
}

/** What those plans' networks take on this machine. */
export interface MultiplesNote {
  readonly target: number;
  /** Milliseconds of one image, rising multiples. */
  readonly times: readonly { readonly multiple: number; readonly time: number }[];
  readonly best: number;
}

/** Times hold for this machine, so they last for the session only; the last ones are kept. */
const notes = resultsOf<MultiplesNote>('multiples');

/** So much slower than the fastest is as fast: a multiple leaves fewer ranks to choose from. */
const asFast = 1.02;

/** What there is to time; null where no method can plan, or plans cut nothing. */
export function multiplesTask(state: ProjectState): MultiplesTask | null {
  const { backend, document } = state;
  const { method, target } = document.settings;
  if (!backend) return null;
  const plans = rankMultiples.flatMap((multiple) => {
    const planner = plannerWithMultiple(state, multiple);
    const found = planner && plansAt(planner, target);
    const own = found?.[method] ?? found?.['map'];
    return own && !isOriginal(own.recipe) ? [{ multiple, recipe: own.recipe }] : [];
  });
  if (plans.length < 2) return null;
  const key = `${plans.map(({ recipe }) => recipeKey(recipe)).join(' ')}@${backend.backend}`;
  return { key, target, plans };
}

/** The last times that were taken. */
export function multiplesNote(state: ProjectState): MultiplesNote | null {
  return notes.of(state, 'last') ?? null;
}

/**
 * The state with the times of a task's plans, and with the smallest multiple that is as fast as any.
 *
 * @param report of the original and the plans, in their order, one batch size
 */
export function withMultipleTimes<S extends ProjectState>(
  state: S,
  { target, plans }: MultiplesTask,
  { batches: [batch] }: LatencyReport,
): S {
  const times = plans.map(({ multiple }, at) => {
    const [whole, own] = [batch!.timings[0]!, batch!.timings[at + 1]!];
    // By the ratio to the original in the same round, which other load on the machine leaves as it is.
    return { multiple, time: whole.time.median / own.speedUp.median };
  });
  const least = times.reduce((fastest, { time }) => Math.min(fastest, time), Infinity);
  const best = times.find(({ time }) => time <= asFast * least)!.multiple;
  return notes.put(state, 'last', { target, times, best });
}

/** "Multiples of 4 are fastest here, one image at 50 %: any rank 3.5 ms, multiples of 2 3.4 ms, multiples of 4 3.2 ms." */
export function multiplesText({ target, times, best }: MultiplesNote): string {
  const list = times.map(({ multiple, time }) => `${multipleText(multiple)} ${formatMilliseconds(time)}`);
  const found = best === 1 ? 'Any rank is as fast here' : `Multiples of ${best} are fastest here`;
  return `${found}, one image at ${formatTarget(target)}: ${list.join(', ')}.`;
}
