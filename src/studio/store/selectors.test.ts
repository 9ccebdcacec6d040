import { describe, expect, it } from 'vitest';
import { measurementKey, type Measurement } from '../model/measurement';
import { ready } from '../testing/states';
import {
  accuracyOf,
  figurePoints,
  isMeasuringBlocked,
  measurementContext,
  measurementOf,
  originalRanks,
  preprocessingDoubt,
  reportIndices,
  wantedMeasurements,
} from './selectors';
import type { StudioState } from './state';
import { withImages, withJob, withMeasurement, withPlans, withPreprocessing } from './transitions';

function measured(state: StudioState, ranks: string, change: Partial<Measurement> = {}): StudioState {
  return withMeasurement(state, {
    ranks,
    context: measurementContext(state)!,
    achieved: 1,
    images: 4,
    top1: 3,
    top5: 4,
    answers: Int32Array.of(0, 1, 1, 1),
    methods: [],
    ...change,
  });
}

const originalJob = (state: StudioState) =>
  `measure:${measurementKey(measurementContext(state)!, originalRanks)}` as const;
const failure = { code: 'images-do-not-fit', message: 'They do not fit.' } as const;
const methodsWanted = (state: StudioState) => wantedMeasurements(state).map((task) => task.methods.join('+'));

describe('wantedMeasurements', () => {
  it('puts the original first, then the selected method, then the others', () => {
    expect(methodsWanted(ready(0.5))).toEqual(['', 'map+model', 'uniform']);
    const uniform = { ...ready(0.5), requested: { ...ready().requested, method: 'uniform' as const } };
    expect(methodsWanted(uniform)).toEqual(['', 'uniform', 'map+model']);
  });

  it('runs the same ranks once, for every method that proposes them', () => {
    expect(wantedMeasurements(ready(1))).toHaveLength(1);
    expect(wantedMeasurements(ready(1))[0]!.methods).toEqual(['map', 'uniform', 'model']);
  });

  it('leaves out what was measured', () => {
    expect(methodsWanted(measured(ready(0.5), originalRanks))).toEqual(['map+model', 'uniform']);
  });

  it('wants nothing after the original failed or was cancelled, as every plan would fail alike', () => {
    const state = ready(0.5);
    const failed = { state: 'failed', title: '', failure } as const;
    expect(wantedMeasurements(withJob(state, originalJob(state), failed))).toEqual([]);
    expect(isMeasuringBlocked(withJob(state, originalJob(state), failed))).toBe(true);
    expect(isMeasuringBlocked(state)).toBe(false);
    expect(wantedMeasurements(withJob(state, originalJob(state), { state: 'cancelled', title: '' }))).toEqual(
      [],
    );
  });

  it('leaves out a plan that a person cancelled', () => {
    const state = ready(0.5);
    const id =
      `measure:${measurementKey(measurementContext(state)!, state.completed!.plans.map!.key)}` as const;
    expect(methodsWanted(withJob(state, id, { state: 'cancelled', title: '' }))).toEqual(['', 'uniform']);
  });

  it('waits for images, for the backend, and for the factorisation', () => {
    const state = ready(0.5);
    const curves = { state: 'running', title: '', progress: null, secondsLeft: null } as const;
    expect(wantedMeasurements({ ...state, images: null })).toEqual([]);
    expect(wantedMeasurements({ ...state, backend: null })).toEqual([]);
    expect(wantedMeasurements(withJob(state, 'curves', curves))).toEqual([]);
  });
});

describe('what a measurement holds for', () => {
  const state = measured(ready(0.5), originalRanks);

  it('is found again under the same network, images and preprocessing', () => {
    expect(measurementOf(state, originalRanks)?.top1).toBe(3);
  });
  it('is not found after the preprocessing or the images changed, and again after they changed back', () => {
    const other = withPreprocessing(state, { channels: 'bgr', mean: [0], scale: [1] });
    expect(measurementOf(other, originalRanks)).toBeNull();
    expect(
      measurementOf(withImages(state, { ...state.images!, fingerprint: 'others' }), originalRanks),
    ).toBeNull();
    expect(measurementOf(withPreprocessing(other, state.requested.preprocessing), originalRanks)?.top1).toBe(
      3,
    );
  });
  it('is the same for one mean given once or per channel', () => {
    const spread = withPreprocessing(state, { channels: 'rgb', mean: [0, 0, 0], scale: [1 / 255] });
    expect(measurementOf(spread, originalRanks)).not.toBeNull();
  });
});

describe('accuracyOf', () => {
  const state = measured(ready(0.5), originalRanks, { top1: null, top5: null });
  const original = measurementOf(state, originalRanks)!;

  it('counts right answers where there are labels', () => {
    const accuracy = accuracyOf({ ...original, top1: 3 }, original)!;
    expect(accuracy).toMatchObject({ kind: 'top-1', share: 0.75, images: 4 });
    expect(accuracy.interval.low).toBeLessThan(0.75);
    expect(accuracy.interval.high).toBeGreaterThan(0.75);
  });
  it('counts agreement with the original where there are none', () => {
    const other = { ...original, answers: Int32Array.of(0, 0, 1, 1) };
    expect(accuracyOf(other, original)).toMatchObject({ kind: 'agreement', successes: 3 });
    expect(accuracyOf(original, original)).toBeNull();
  });
});

describe('figurePoints', () => {
  it('holds one point per method and ranks of the present context, and stays the same object', () => {
    const state = measured(ready(0.5), 'a=1', { achieved: 0.4, methods: ['map', 'uniform'] });
    expect(figurePoints(state).map((point) => [point.method, point.achieved])).toEqual([
      ['map', 0.4],
      ['uniform', 0.4],
    ]);
    const dragged = withPlans(state, 0.6, state.completed!.plans);
    expect(figurePoints(dragged)).toBe(figurePoints(dragged));
    expect(figurePoints(withPreprocessing(state, { channels: 'bgr', mean: [0], scale: [1] }))).toEqual([]);
  });
});

describe('preprocessingDoubt', () => {
  it('speaks up where the original is mostly wrong', () => {
    const chosen = withPreprocessing(ready(0.5), { channels: 'rgb', mean: [0], scale: [1] });
    expect(preprocessingDoubt(measured(chosen, originalRanks, { top1: 1 }))).toContain('25.0 %');
    expect(preprocessingDoubt(measured(chosen, originalRanks, { top1: 4 }))).toBeNull();
  });
  it('says that the preprocessing is a guess until somebody chose it', () => {
    expect(preprocessingDoubt(measured(ready(0.5), originalRanks, { top1: 4 }))).toContain('guess');
  });
});

describe('reportIndices', () => {
  it('names every opened image', () => {
    expect([...reportIndices(ready())]).toEqual([0, 1, 2, 3]);
  });
});
