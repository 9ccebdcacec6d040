import { describe, expect, it } from 'vitest';
import { energyCurve } from '../enc/curve';
import type { MeasuredPoint } from '../enc/sweep/points';
import { recipeKey } from '../compression/recipe';
import { listed, onlyJob, withStatus, type JobStatus } from './jobStatus';
import { recipeOf, withMeasured } from './testing/measuredStates';
import { images, network, opened, ready } from './testing/states';
import { withPlans, withPoints, withSavedPlan } from './foundTransitions';
import {
  withCurves,
  withImages,
  withNetwork,
  withOverride,
  withPreprocessing,
  withTarget,
  withTuning,
} from './transitions';

const failed: JobStatus = { state: 'failed', title: '', failure: { code: 'device-lost', message: '' } };
const jobs = ['measure', 'repair', 'race', 'sweep'].reduce(
  (all, kind) => withStatus(all, { kind, key: 'x' }, failed),
  withStatus({}, onlyJob('network'), failed),
);
const kindsOf = (state: { readonly jobs: typeof jobs }) => listed(state.jobs).map(({ id }) => id.kind);

describe('withPlans', () => {
  it('adds a method that proposes what was already measured, so that its point is drawn too', () => {
    const state = ready(0.5);
    const { plans } = state.completed!;
    const measured = withMeasured(state, plans.map!.recipe, { methods: ['map'] });
    const raced = { ...plans, inf: { ...plans.map!, plan: { ...plans.map!.plan, method: 'inf' } } };
    const after = withPlans(measured, 0.5, raced);
    const [measurement] = Object.values(after.document.measurements);
    expect([...measurement!.methods].sort()).toEqual(['inf', 'map', 'model']);
    expect(withPlans(after, 0.5, raced).document).toBe(after.document);
  });
});

describe('withNetwork', () => {
  it('voids curves, plans and overrides, and keeps images, target and measurements', () => {
    const before = withOverride(ready(0.3), 'c', true);
    const after = withNetwork(before, 'other', {
      ...network,
      fingerprint: 'network-2',
      content: 'network-2',
    });
    expect(after.network!.curves.size).toBe(0);
    expect(after.completed).toBeNull();
    expect(after.races).toEqual({});
    expect(after.document.saved).toBeNull();
    expect(after.document.settings.overrides).toEqual({});
    expect(after.document.settings.target).toBe(before.document.settings.target);
    expect(after.document.network).toEqual({ fingerprint: 'network-2', name: 'other' });
    expect(after.images).toBe(before.images);
    expect(after.document.images).toBe(before.document.images);
    expect(after.document.measurements).toBe(before.document.measurements);
  });
  it('keeps what was decided about layers and preprocessing where only another output is taken', () => {
    const preprocessing = { channels: 'bgr', mean: [1], scale: [2] } as const;
    const before = withPreprocessing(withOverride(ready(0.3), 'c', true), preprocessing);
    const other = { ...network, fingerprint: 'network-1 features', scoreOutput: 'features' };
    const after = withNetwork(before, 'small', other, { output: 'features' });
    expect(after.document.settings).toEqual({ ...before.document.settings, output: 'features' });
    expect(after.completed).toBeNull();
  });
  it('reads grey where the network reads one channel, and colour again where it reads three', () => {
    const grey = withNetwork(ready(), 'grey', { ...network, input: { name: 'x', shape: [8, 8, 1] } });
    expect(grey.document.settings.preprocessing.channels).toBe('grey');
    expect(withNetwork(grey, 'colour', network).document.settings.preprocessing.channels).toBe('rgb');
  });
  it('takes the preprocessing that its own files state', () => {
    const preprocessing = { channels: 'bgr', mean: [1], scale: [2] } as const;
    const { settings } = withNetwork(ready(), 'own', { ...network, preprocessing }).document;
    expect([settings.preprocessing, settings.preprocessingIsGuess]).toEqual([preprocessing, false]);
  });
});

describe('withCurves', () => {
  it('adds curves to those of the same network alone', () => {
    const state = opened();
    const a = energyCurve('a', [3, 2, 1], 3);
    expect(withCurves(state, network.fingerprint, [a]).network!.curves.get('a')).toBe(a);
    expect(withCurves(state, 'another', [a])).toBe(state);
    expect(withCurves(state, network.fingerprint, [])).toBe(state);
  });
});

describe('withTarget', () => {
  it('holds the target within the range and leaves the state alone where nothing changes', () => {
    const state = ready();
    expect(withTarget(state, 7).document.settings.target).toBe(1);
    expect(withTarget(state, 0).document.settings.target).toBe(0.05);
    expect(withTarget(state, state.document.settings.target)).toBe(state);
  });
});

describe('withPreprocessing', () => {
  it('forgets failed runs on images, which the change may have cured, and other jobs not', () => {
    const after = withPreprocessing({ ...ready(), jobs }, { channels: 'rgb', mean: [1], scale: [1] });
    expect(kindsOf(after)).toEqual(['network', 'sweep']);
    expect(after.document.settings.preprocessingIsGuess).toBe(false);
  });
});

describe('withImages', () => {
  it('takes the place of the former images and of those for tuning, and forgets failed runs on them', () => {
    const tuned = withTuning({ ...ready(), jobs }, { ...images, fingerprint: 'tuning', name: 'own' });
    expect(tuned.document.tuning).toEqual({ fingerprint: 'tuning', name: 'own' });
    const after = withImages({ ...tuned, jobs }, { ...images, fingerprint: 'images-2' });
    expect([after.tuning, after.document.tuning]).toEqual([null, null]);
    expect(after.document.images).toEqual({ fingerprint: 'images-2', name: 'four' });
    expect(kindsOf(after)).toEqual(['network', 'sweep']);
    expect(after.network).toBe(tuned.network);
  });
});

describe('withMeasurement', () => {
  it('adds the methods of the same recipe, and remembers what it was', () => {
    const recipe = recipeOf({ a: 1 });
    const once = withMeasured(ready(), recipe, { methods: ['map'] });
    const twice = withMeasured(once, recipe, { methods: ['uniform', 'map'] });
    const known = Object.values(twice.document.measurements);
    expect(known.map(({ methods }) => methods)).toEqual([['uniform', 'map']]);
    expect(twice.document.recipes).toEqual({ [recipeKey(recipe)]: recipe });
  });

  it('counts every method whose present plan it is, whether it was planned before or after', () => {
    const state = ready(0.5);
    const { target, plans } = state.completed!;
    const shared = { ...plans, model: { ...plans.map!, plan: { ...plans.map!.plan, method: 'model' } } };
    const { recipe } = plans.map!;
    const before = withMeasured(withPlans(state, target, shared), recipe, { methods: ['map'] });
    const after = withPlans(withMeasured(state, recipe, { methods: ['map'] }), target, shared);
    expect(Object.values(before.document.measurements)[0]!.methods).toEqual(['map', 'model']);
    expect(after.document.measurements).toEqual(before.document.measurements);
  });
});

it('withPoints keeps points in the same order, whatever order they came in', () => {
  const point = (
    layer: string,
    rank: number,
    factorisation: 'spatial' | 'channel' = 'spatial',
  ): MeasuredPoint => ({
    ...{ layer, factorisation, rank, images: 9, basis: 'agreement', correct: 9, correctUncut: 9 },
    ...{ divergence: 0, divergenceDeviation: 0 },
  });
  const points = [point('B', 10), point('a', 2), point('a', 10), point('b', 1), point('b', 1, 'channel')];
  const ordered = withPoints(ready(), 'x', points).document.points.x!;
  expect(withPoints(ready(), 'x', points.toReversed()).document.points.x).toEqual(ordered);
  expect(ordered.map(({ rank }) => rank)).toEqual([10, 2, 10, 1, 1]);
  expect(ordered.map(({ factorisation }) => factorisation)[3]).toBe('channel');
});

it('withSavedPlan puts a plan aside and takes it away again', () => {
  const costs = { macs: 1, parameters: 1, bytes: 4 };
  const saved = { method: 'map', target: 0.5, achieved: 0.4, costs, recipe: recipeOf({ a: 1 }) };
  const state = withSavedPlan(ready(), saved);
  expect(state.document.saved).toBe(saved);
  expect(withSavedPlan(state, null).document.saved).toBeNull();
});
