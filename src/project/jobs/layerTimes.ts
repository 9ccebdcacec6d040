import { layerTimesKind } from '../../../workers/protocol/layerTimes';
import type { BackgroundJob, BackgroundTask } from '../background';
import { isOnTime, layerTimesTask, timeTableKey, timeTableOf, timeTables } from '../layerTimes';
import { hasAllCurves } from '../planning';

/** Times the layers where a budget is on time, once they are factorised. */
export const layerTimes: BackgroundJob<BackgroundTask> = {
  kind: 'layer-times',
  label: 'Times of layers',
  stage: 'times of layers',
  lane: 'foreground',
  order: 0.5,
  rest: () => 0,
  wanted: (state) => {
    const key = timeTableKey(state);
    return key !== null && isOnTime(state) && hasAllCurves(state) && !timeTableOf(state) ? [{ key }] : [];
  },
  title: () => 'Timing the layers',
  async run({ key }, { studio, signal, onProgress, getState, update }) {
    const task = layerTimesTask(getState().network!.summary);
    const outcome = await studio.run(signal, layerTimesKind, task, onProgress);
    if (outcome.ok) update((state) => timeTables.put(state, key, outcome.value));
    return outcome;
  },
};
