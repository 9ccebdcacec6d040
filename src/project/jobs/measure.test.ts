import { describe, expect, it } from 'vitest';
import type { JobStatus } from '../jobStatus';
import { withStatus } from '../jobStatus';
import { isMeasuringBlocked, keyOf, misfit, original } from '../measurements';
import { formatTarget } from '../numbers';
import type { ProjectState } from '../state';
import { withMeasured } from '../testing/measuredStates';
import { ready } from '../testing/states';
import { withSettings } from '../transitions';
import { measure, wantedMeasurements } from './measure';

const failure = { code: 'images-do-not-fit', message: 'They do not fit.' } as const;
const methodsWanted = (state: ProjectState) =>
  wantedMeasurements(state).map((task) => task.methods.join('+'));

/** The state after the original network's run ended badly. */
function withOriginal(state: ProjectState, status: JobStatus): ProjectState {
  const id = { kind: 'measure', key: keyOf(state, original(state)!)! };
  return { ...state, jobs: withStatus(state.jobs, id, status) };
}

describe('wantedMeasurements', () => {
  it('puts the original first, then the selected method, then the others', () => {
    expect(methodsWanted(ready(0.5))).toEqual(['', 'map+model', 'uniform']);
    expect(methodsWanted(withSettings(ready(0.5), { method: 'uniform' }))).toEqual([
      '',
      'uniform',
      'map+model',
    ]);
  });

  it('runs the same recipe once, for every method that proposes it', () => {
    expect(wantedMeasurements(ready(1))).toHaveLength(1);
    expect(wantedMeasurements(ready(1))[0]!.methods).toEqual(['map', 'uniform', 'model']);
  });

  it('leaves out what was measured', () => {
    const state = ready(0.5);
    expect(methodsWanted(withMeasured(state, original(state)!))).toEqual(['map+model', 'uniform']);
  });

  it('wants nothing after the original failed or was cancelled, as every plan would fail alike', () => {
    const state = ready(0.5);
    const failed = withOriginal(state, { state: 'failed', title: '', failure });
    expect(wantedMeasurements(failed)).toEqual([]);
    expect(isMeasuringBlocked(failed)).toBe(true);
    expect(misfit(failed)?.failure).toBe(failure);
    expect(isMeasuringBlocked(state)).toBe(false);
    expect(misfit(state)).toBeNull();
    const cancelled = withOriginal(state, { state: 'cancelled', title: '' });
    expect(wantedMeasurements(cancelled)).toEqual([]);
  });

  it('waits for images and for the backend', () => {
    const state = ready(0.5);
    expect(wantedMeasurements({ ...state, images: null })).toEqual([]);
    expect(wantedMeasurements({ ...state, backend: null })).toEqual([]);
  });

  it('waits while somebody has the preprocessing looked for again', () => {
    const status = { state: 'running', title: '', progress: null, secondsLeft: null } as const;
    expect(wantedMeasurements({ ...ready(0.5), jobs: { detect: { key: status } } })).toEqual([]);
  });
});

it('measurements say whose plan they are of', () => {
  const state = ready(0.5);
  const titles = wantedMeasurements(state).map((task) => measure.title(state, task));
  expect(titles).toEqual([
    'Measuring the original network',
    `Measuring ENC-Map and ENC-Model at ${formatTarget(0.5)}`,
    `Measuring Uniform at ${formatTarget(0.5)}`,
  ]);
});
