import { describe, expect, it } from 'vitest';
import type { MeasuredPoint } from '../../enc/sweep/points';
import { plansAt } from '../planning/planner';
import { figurePoints, imageSplit, measurementContext } from '../store/selectors';
import { images, ready } from '../testing/states';
import { sweepRequestFrom, writeSweepRequest } from './location';
import { defaultSizes, heldSizes, splitOf, sweepOrder } from './split';
import { withMetric, withPoints, withSplit, withSweepComplete } from './transitions';

const point = (layer: string, rank: number, divergence: number): MeasuredPoint => ({
  layer,
  factorisation: 'spatial',
  rank,
  images: 64,
  basis: 'labels',
  correct: 60,
  correctUncut: 64,
  divergence,
  divergenceDeviation: 0.1,
});

/** Layer a needs its ranks, layer b hardly any: the opposite of what their spectra say. */
const opposed = [point('a', 1, 3), point('a', 9, 0.5), point('b', 1, 0.002), point('b', 9, 0.001)];

describe('the split', () => {
  it('keeps few images for the report, and always one of them', () => {
    expect(defaultSizes(10)).toEqual({ calibration: 0, selection: 0 });
    expect(defaultSizes(1000)).toEqual({ calibration: 200, selection: 250 });
    expect(heldSizes(100, { calibration: 90, selection: 90 })).toEqual({ calibration: 9, selection: 90 });
    expect(splitOf(100, 1, { calibration: 1e6, selection: 1e6 }).report.length).toBe(1);
  });
  it('spends selection images in an order of their own, the same by the same seed', () => {
    const { selection } = splitOf(1000, 3, {});
    const order = sweepOrder(selection, 3);
    expect(order).not.toEqual(selection);
    expect(order.slice().sort()).toEqual(selection);
    expect(sweepOrder(selection, 3)).toEqual(order);
  });
  it('makes measurements on another report set void', () => {
    const state = { ...ready(), images: { ...images, count: 100 } };
    const other = withSplit(state, { seed: 2 });
    expect(measurementContext(other)).not.toBe(measurementContext(state));
    expect(imageSplit(other).report).not.toEqual(imageSplit(state).report);
    expect(figurePoints(other)).toEqual([]);
  });
});

describe('the metric', () => {
  it('is energy until the sweep is through, then divergence', () => {
    const during = withPoints(ready(), opposed);
    expect(during.network!.driving.metric).toBe('energy');
    expect(withSweepComplete(during, true).network!.driving.metric).toBe('divergence');
  });
  it('is the one that a person chose, as soon as one layer is measured', () => {
    const chosen = withMetric(ready(), 'divergence');
    expect(chosen.network!.driving.metric).toBe('energy');
    const some = withPoints(chosen, opposed.slice(0, 2)).network!.driving;
    expect([some.metric, [...some.measured]]).toEqual(['divergence', ['a']]);
    expect(withMetric(withSweepComplete(chosen, true), 'energy').network!.driving.metric).toBe('energy');
  });
  it('changes the plans', () => {
    const state = withPoints(ready(), opposed);
    const ranks = (metric: 'energy' | 'divergence') =>
      plansAt(withMetric(state, metric).network!.planner, 0.6).map!.plan.ranks;
    expect(ranks('divergence')).not.toEqual(ranks('energy'));
  });
});

describe('the address', () => {
  it('restores split and metric', () => {
    const parameters = new URLSearchParams('calibration=9');
    const request = { seed: 4, sizes: { selection: 12 }, metric: 'measured' as const };
    writeSweepRequest(parameters, request);
    expect(sweepRequestFrom(parameters)).toEqual(request);
  });
  it('ignores what it cannot read', () => {
    expect(sweepRequestFrom(new URLSearchParams('seed=-1&selection=x&metric=magic'))).toEqual({});
  });
});
