import { describe, expect, it } from 'vitest';
import { energyCurve } from '../../enc/curve';
import { curvePath, nearestCurve, qualityAt, rankMaxAt } from './curvePath';

const steep = energyCurve('steep', [5, 9, 0.5, 0.5], 4);
const even = energyCurve('even', [5, 1, 1, 1], 4);

describe('curvePath', () => {
  it('goes through every rank from quality 0 to quality 1, y pointing down', () => {
    expect(curvePath(even, 1)).toBe('M0.25 1L0.5 0.6667L0.75 0.3333L1 0');
  });
  it('is a point for a layer of one rank', () => {
    expect(curvePath(energyCurve('one', [1], 1), 1)).toBe('M1 0h0');
  });
});

describe('qualityAt', () => {
  it('is 1 for the original layer', () => {
    expect(qualityAt(even, null)).toBe(1);
    expect(qualityAt(even, 1)).toBe(0);
  });
});

describe('nearestCurve', () => {
  const curves = new Map([steep, even].map((curve) => [curve.layer, curve]));
  it('finds the curve under the pointer', () => {
    expect(nearestCurve(curves, 0.5 * rankMaxAt, 0.88)).toBe('steep');
    expect(nearestCurve(curves, 0.5 * rankMaxAt, 0.35)).toBe('even');
  });
  it('finds curves where they end, and none far behind that', () => {
    const endOf = (layer: string) => (layer === 'steep' ? 0.2 : 0.8);
    expect(nearestCurve(curves, 0.1, 0.9, endOf)).toBe('steep');
    expect(nearestCurve(curves, 0.4, 0.34, endOf)).toBe('even');
    expect(nearestCurve(curves, 0.4, 1, endOf)).toBeNull();
  });
  it('finds none far from all', () => {
    expect(nearestCurve(curves, 0.5 * rankMaxAt, 0.6)).toBeNull();
  });
});
