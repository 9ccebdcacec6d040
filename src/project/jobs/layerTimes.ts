import { layerTimesKind } from '../../../workers/protocol/layerTimes';
import type { BackgroundJob, BackgroundTask } from '../background';
import { wantedAlternatives } from '../factorisations';
import { isOnTime, layerTimesTask, timeTableKey, timeTableOf } from '../layerTimes';
import { hasAllCurves } from '../planning';
import { withLayerTimes } from '../transitions';

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
    const { network, document } = state;
    if (key === null || !network || !isOnTime(state) || timeTableOf(state)) return [];
    const isFactorised =
      hasAllCurves(state) && wantedAlternatives(network, document.settings.factorisations).length === 0;
    return isFactorised ? [{ key }] : [];
  },
  title: () => 'Timing the layers',
  async run({ key }, { studio, signal, onProgress, getState, update }) {
    const { network, document } = getState();
    const task = layerTimesTask(network!.summary, document.settings.factorisations);
    const outcome = await studio.run(signal, layerTimesKind, task, onProgress);
    if (outcome.ok) update((state) => withLayerTimes(state, key, outcome.value));
    return outcome;
  },
};
