import { describe, expect, it } from 'vitest';
import { energyCurve } from '../enc/curve';
import type { MeasuredPoint } from '../enc/sweep/points';
import { hasAllCurves, plannerOf, shownCurves } from './planning';
import { presentPointsKey } from './points';
import type { ProjectState } from './state';
import { areCurvesInFlux, areCurvesMoving } from './sweeps';
import { images, layer, network, opened } from './testing/states';
import { withPoints } from './foundTransitions';
import { withCurves, withImages, withNetwork, withOverride, withSettings } from './transitions';
import { ends } from './testing/points';

const two = { ...network, layers: [layer('a', { rankMax: 3 }), layer('b', { rankMax: 3 })] };
const energy = two.layers.map(({ name }) => energyCurve(name, [3, 2, 1], 3));
const many = { ...images, count: 80, labels: null };

/** A network of two layers with their curves, and what was measured for the metric. */
function stateWith(metric: string, points: readonly MeasuredPoint[]): ProjectState {
  const network = withCurves(withNetwork(opened(), 'two', two), two.fingerprint, energy);
  const state = withSettings(withImages(network, many), { metric });
  return withPoints(state, presentPointsKey(state)!, points);
}

describe('shownCurves', () => {
  it('stays with energy until every layer is measured, unless a metric is asked for', () => {
    const some = ends('a');
    const shown = (metric: string, points: readonly MeasuredPoint[]) =>
      shownCurves(stateWith(metric, points))!;
    expect(shown('auto', some).metric).toBe('energy');
    expect(shown('auto', [...some, ...ends('b')]).metric).toBe('divergence');
    expect(shown('energy', [...some, ...ends('b')]).metric).toBe('energy');
    expect(shown('measured', []).metric).toBe('energy');
    const partly = shown('measured', some);
    expect([partly.metric, [...partly.measured], [...partly.curves.keys()]]).toEqual([
      'measured',
      ['a'],
      ['a', 'b'],
    ]);
  });
  it('is the same object for the same state', () => {
    const state = stateWith('auto', ends('a'));
    expect(shownCurves(withSettings(state, { target: 0.3 }))).toBe(shownCurves(state));
  });
  it('goes by the points of the present images alone', () => {
    const state = stateWith('auto', [...ends('a'), ...ends('b')]);
    expect(shownCurves(withSettings(state, { seed: 5 }))!.metric).toBe('energy');
    expect(shownCurves(withSettings(state, { metric: 'repaired' }))!.metric).toBe('energy');
    expect(shownCurves(state)!.metric).toBe('divergence');
  });
});

describe('plannerOf', () => {
  it('is renewed only with the last curve that it needs', () => {
    const state = opened();
    const planner = plannerOf(state);
    const a = energyCurve('a', [3, 2, 1], 3);
    const b = energyCurve('b', [3, 2, 1], 3);
    const first = withCurves(state, network.fingerprint, [a]);
    expect(plannerOf(first)).toBe(planner);
    expect(shownCurves(first)!.curves.get('a')).toBe(a);
    expect(hasAllCurves(first)).toBe(false);
    const both = withCurves(first, network.fingerprint, [b]);
    expect(plannerOf(both)!.isComplete).toBe(true);
    expect(hasAllCurves(both)).toBe(true);
  });
  it('follows which layers may be cut', () => {
    const names = (state: ProjectState) => plannerOf(state)!.problem.layers.map(({ name }) => name);
    const state = opened();
    expect(names(state)).toEqual(['a', 'b']);
    expect(names(withOverride(state, 'c', true))).toEqual(['a', 'b', 'c']);
    expect(names(withOverride(state, 'a', false))).toEqual(['b']);
  });
});

it('curves are in flux while a sweep runs or is halted, and move while it runs, unless energy drives the methods', () => {
  const running = {
    sweep: { key: { state: 'running', title: '', progress: null, secondsLeft: null } },
  } as const;
  const state = stateWith('auto', [...ends('a'), ...ends('b')]);
  const of = (own: ProjectState) => [areCurvesInFlux(own), areCurvesMoving(own)];
  expect(of(state)).toEqual([false, false]);
  const sweeping = { ...state, jobs: running };
  expect(of(sweeping)).toEqual([true, true]);
  expect(of({ ...sweeping, paused: { sweep: true } })).toEqual([true, false]);
  expect(of(withSettings(sweeping, { metric: 'energy' }))).toEqual([false, false]);
});
