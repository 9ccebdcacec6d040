import { expect, it } from 'vitest';
import { heightOfDivergence } from '../../compression/metrics/scales';
import { metrics } from '../../compression/metrics';
import { energyCurve } from '../../enc/curve';
import type { LayerDescription } from '../../network/layers';
import { drawnCurves, heightOf, pointMarks } from './shown';
import { ends } from '../../project/testing/points';

const layer = (name: string) => ({ name, factorisation: 'spatial', rankMax: 3 }) as LayerDescription;
const layers = [layer('a'), layer('b')];
const energy = new Map(layers.map(({ name }) => [name, energyCurve(name, [3, 2, 1], 3)]));

it('draws divergence by its logarithm', () => {
  expect(heightOfDivergence(0)).toBe(1);
  expect(heightOfDivergence(2)).toBe(0);
  expect(heightOfDivergence(1e-3)).toBeCloseTo(0.5, 12);
  expect(heightOf('divergence', Math.exp(-1e-3))).toBeCloseTo(0.5, 9);
  expect(heightOf('measured', 0.7)).toBe(0.7);
  const points = [...ends('a'), ...ends('b')];
  const shown = { metric: 'divergence', ...metrics.get('divergence').curves(layers, points, energy) };
  expect(drawnCurves(shown).get('a')!.quality[2]).toBeCloseTo(0.5, 6);
  expect(drawnCurves(shown).get('a')).toBe(drawnCurves(shown).get('a'));
});

it('marks raw points with their intervals', () => {
  const [first] = pointMarks('divergence', layers[0]!, ends('a'));
  expect(first!.at).toBeCloseTo(heightOfDivergence(0.1), 12);
  expect(first!.low).toBeCloseTo(heightOfDivergence(0.1 + 0.196), 12);
  expect(first!.high).toBe(1);
  const [accuracy] = pointMarks('measured', layers[0]!, ends('a'));
  expect(accuracy!.at).toBeCloseTo(80 / 90, 12);
  expect(accuracy!.low).toBeLessThan(accuracy!.at);
  expect(pointMarks('energy', layers[0]!, ends('a'))).toEqual([]);
});
