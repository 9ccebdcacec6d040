import type { BackgroundJob } from '../../src/project/background';
import { resultsOf } from '../../src/project/results';
import { runKind } from '../../workers/protocol/kinds';
import type { BrightnessSpec } from './brightnessRun';

export const brightness = resultsOf<number>('brightness');

/** The project's side of the job of docs/EXTENDING.md, for the test that follows it. */
export const brightnessJob: BackgroundJob = {
  kind: 'brightness',
  label: 'The images’ brightness',
  lane: 'background',
  order: 20,
  rest: () => 0,
  wanted: (state) => {
    const key = state.images?.fingerprint;
    return state.backend && key !== undefined && brightness.of(state, key) === undefined ? [{ key }] : [];
  },
  title: () => 'Measuring the images’ brightness',
  async run({ key }, { studio, signal, onProgress, update }) {
    const kind = runKind<BrightnessSpec>('brightness');
    const outcome = await studio.run(signal, kind, { images: key }, onProgress);
    if (outcome.ok) update((state) => brightness.put(state, key, outcome.value));
    return outcome;
  },
};
