import { describe, expect, it } from 'vitest';
import { energyCurve } from '../../enc/curve';
import { network, opened, ready } from '../testing/states';
import { secondsLeft } from './jobs';
import {
  withCurves,
  withJob,
  withMeasurement,
  withNetwork,
  withOverride,
  withPlans,
  withPreprocessing,
  withTarget,
} from './transitions';

describe('withNetwork', () => {
  it('voids curves, plans, overrides and files, and keeps images, target and measurements', () => {
    const before = withOverride(ready(0.3), 'c', true);
    const after = withNetwork(before, 'other', { ...network, fingerprint: 'network-2' });
    expect(after.network!.curves.size).toBe(0);
    expect(after.completed).toBeNull();
    expect(after.requested.overrides).toEqual({});
    expect(after.exports).toEqual({});
    expect(after.images).toBe(before.images);
    expect(after.measurements).toBe(before.measurements);
    expect(after.ui.selectedLayer).toBe('a');
  });
  it('reads grey where the network reads one channel, and colour again where it reads three', () => {
    const grey = withNetwork(ready(), 'grey', { ...network, input: { name: 'x', shape: [8, 8, 1] } });
    expect(grey.requested.preprocessing.channels).toBe('grey');
    expect(withNetwork(grey, 'colour', network).requested.preprocessing.channels).toBe('rgb');
  });
});

describe('withCurves', () => {
  it('renews the planner only with the last curve that it needs', () => {
    const state = opened();
    const a = energyCurve('a', [3, 2, 1], 3);
    const b = energyCurve('b', [3, 2, 1], 3);
    const first = withCurves(state, [a]);
    expect(first.network!.planner).toBe(state.network!.planner);
    expect(first.network!.curves.get('a')).toBe(a);
    expect(withCurves(first, [b]).network!.planner.qualities).not.toBeNull();
  });
});

describe('withOverride', () => {
  it('changes which layers the plans may cut', () => {
    const state = ready();
    const names = (s: typeof state) => s.network!.planner.problem.layers.map((layer) => layer.name);
    expect(names(state)).toEqual(['a', 'b']);
    expect(names(withOverride(state, 'c', true))).toEqual(['a', 'b', 'c']);
    expect(names(withOverride(state, 'a', false))).toEqual(['b']);
  });
});

describe('withTarget', () => {
  it('holds the target within the range and leaves the state alone where nothing changes', () => {
    const state = ready();
    expect(withTarget(state, 7).requested.target).toBe(1);
    expect(withTarget(state, 0).requested.target).toBe(0.05);
    expect(withTarget(state, state.requested.target)).toBe(state);
  });
});

describe('withPlans', () => {
  it('forgets a written file as soon as its method proposes other ranks', () => {
    const state = ready(0.5);
    const { plans } = state.completed!;
    const comparison = { images: 4, largestDifference: 0, runtime: null };
    const exports = { map: { ranks: plans.map!.key, fileName: 'x.onnx', comparison } };
    const written = { ...state, exports };
    expect(withPlans(written, 0.5, plans).exports).toBe(exports);
    expect(withPlans(written, 0.3, ready(0.3).completed!.plans).exports).toEqual({});
  });
});

describe('withPreprocessing', () => {
  it('forgets failed measurements, which the change may have cured, and other jobs not', () => {
    const failed = { state: 'failed', title: '', failure: { code: 'device-lost', message: '' } } as const;
    const state = withJob(withJob(ready(), 'measure:x', failed), 'network', failed);
    const after = withPreprocessing(state, { channels: 'rgb', mean: [1], scale: [1] });
    expect(Object.keys(after.jobs)).toEqual(['network']);
    expect(after.requested.preprocessingIsGuess).toBe(false);
  });
});

describe('withMeasurement', () => {
  it('adds the methods of the same ranks', () => {
    const measurement = {
      ranks: 'a=1',
      context: 'here',
      achieved: 0.5,
      images: 1,
      top1: 1,
      top5: 1,
      answers: Int32Array.of(0),
    };
    const once = withMeasurement(ready(), { ...measurement, methods: ['map'] });
    const twice = withMeasurement(once, { ...measurement, methods: ['uniform', 'map'] });
    expect(Object.values(twice.measurements).map((known) => known.methods)).toEqual([['map', 'uniform']]);
  });
});

describe('secondsLeft', () => {
  const progress = (done: number) => ({ stage: 'evaluating', done, total: 100, unit: 'images' }) as const;
  it('follows the pace so far', () => {
    expect(secondsLeft(progress(25), 10)).toBe(30);
  });
  it('says nothing before there is a pace and after the end', () => {
    expect(secondsLeft(null, 10)).toBeNull();
    expect(secondsLeft(progress(0), 10)).toBeNull();
    expect(secondsLeft(progress(25), 0.1)).toBeNull();
    expect(secondsLeft(progress(100), 10)).toBeNull();
  });
});
