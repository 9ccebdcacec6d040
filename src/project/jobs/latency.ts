import { methods } from '../../compression/methods';
import type { Recipe } from '../../compression/recipe';
import { latencyKind } from '../../../workers/protocol/latency';
import type { BackgroundJob, BackgroundTask } from '../background';
import { timing } from '../kinds';
import { latencies, latencyKey, latencyOf, latencyTask } from '../latencies';
import { isDetecting, isMeasuringBlocked } from '../measurements';
import { formatTarget } from '../numbers';
import type { ProjectState } from '../state';
import { areCurvesInFlux } from '../sweeps';
import { inOrderOfWaiting } from '../waiting';

/** A plan to time beside the original. */
export interface LatencyJobTask extends BackgroundTask {
  readonly recipe: Recipe;
  readonly method: string;
}

/** Times the plans once their accuracy is known and no thread has anything else to do, the chosen method's first. */
export const latency: BackgroundJob<LatencyJobTask> = {
  kind: timing,
  label: 'Times of plans',
  stage: 'times',
  lane: 'foreground',
  order: 5,
  isForPage: true,
  rest: () => 700,
  wanted: wantedTimes,
  title: (state, { method }) =>
    `Timing ${methods.get(method).label} at ${formatTarget(state.document.settings.target)}`,
  async run({ key, recipe }, { studio, signal, onProgress, record }) {
    const outcome = await studio.run(signal, latencyKind, latencyTask(recipe), onProgress);
    if (outcome.ok) record((state) => latencies.put(state, key, outcome.value));
    return outcome;
  },
};

/** Methods with the same plan share one task. */
function wantedTimes(state: ProjectState): readonly LatencyJobTask[] {
  const { completed, document, backend } = state;
  if (!backend || completed?.target !== document.settings.target) return [];
  if (areCurvesInFlux(state) || isDetecting(state) || isMeasuringBlocked(state)) return [];
  const byKey = new Map<string, LatencyJobTask>();
  for (const method of inOrderOfWaiting(state)) {
    const recipe = completed.plans[method]?.recipe;
    const key = recipe && latencyKey(state, recipe);
    if (key && !byKey.has(key) && !latencyOf(state, recipe)) byKey.set(key, { key, recipe, method });
  }
  return [...byKey.values()];
}
