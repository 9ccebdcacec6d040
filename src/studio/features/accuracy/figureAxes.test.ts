import { describe, expect, it } from 'vitest';
import type { FigurePoint } from '../../../project/figurePoints';
import type { Accuracy } from '../../../project/measurements';
import { fittedAccuracy, isWhole, placeOn, spotsOf, wholeStretch } from './figureAxes';

function accuracyAt(share: number, halfWidth = 0.02): Accuracy {
  const interval = { low: share - halfWidth, high: share + halfWidth };
  return { kind: 'top-1', successes: share * 1000, images: 1000, share, interval };
}

function pointAt(method: string, achieved: number, share: number): FigurePoint {
  const stage = { isRepaired: false, isDistilled: false, isPresent: true };
  return { method, recipe: `${achieved}`, achieved, accuracy: accuracyAt(share), ...stage };
}

const plot = { width: 760, height: 95 };

describe('fittedAccuracy', () => {
  const points = [pointAt('map', 0.5, 0.9), pointAt('map', 0.2, 0.4)];
  it('holds every interval that is shown, and the original', () => {
    const { low, high } = fittedAccuracy(points, accuracyAt(0.94), wholeStretch, plot.height);
    expect(low).toBeLessThanOrEqual(0.38);
    expect(high).toBeGreaterThanOrEqual(0.96);
  });
  it('is fitted to the points that are left once part of the axis is shown', () => {
    const { low, high } = fittedAccuracy(
      points.slice(1),
      accuracyAt(0.94),
      { low: 0.1, high: 0.3 },
      plot.height,
    );
    expect(low).toBeGreaterThan(0.3);
    expect(high).toBeLessThan(0.5);
  });
  it('holds the original where there is nothing else, and the whole where there is nothing', () => {
    const part = { low: 0.1, high: 0.3 };
    expect(fittedAccuracy([], accuracyAt(0.94), part, plot.height).high).toBeGreaterThanOrEqual(0.96);
    expect(fittedAccuracy([], null, part, plot.height)).toMatchObject({
      low: 0,
      high: expect.any(Number) as unknown,
    });
  });
});

describe('spotsOf', () => {
  it('leaves points where they belong, and moves those aside that would hide them', () => {
    const points = [pointAt('map', 0.5, 0.9), pointAt('uniform', 0.5, 0.9), pointAt('model', 0.7, 0.9)];
    const spots = spotsOf(points, wholeStretch, { low: 0.8, high: 1 }, plot);
    const pixels = spots.map(({ x }) => placeOn(wholeStretch, x) * plot.width);
    expect(spots[0]!.x).toBeCloseTo(0.5, 12);
    expect(Math.abs(pixels[1]! - pixels[0]!)).toBeGreaterThanOrEqual(10);
    expect(spots[2]!.x).toBeCloseTo(0.7, 12);
    expect(spots[0]!.off.map((own) => own.toFixed(3))).toEqual(['0.020', '0.020']);
  });
  it('needs to move none where a stretch is large enough', () => {
    const points = [pointAt('map', 0.5, 0.9), pointAt('uniform', 0.505, 0.9)];
    const [, whole] = spotsOf(points, wholeStretch, { low: 0.8, high: 1 }, plot);
    const [, part] = spotsOf(points, { low: 0.45, high: 0.55 }, { low: 0.8, high: 1 }, plot);
    expect(whole!.x).not.toBeCloseTo(0.505, 6);
    expect(part!.x).toBeCloseTo(0.505, 12);
  });
});

it('knows whether all of the axis is shown', () => {
  expect(isWhole(wholeStretch)).toBe(true);
  expect(isWhole({ ...wholeStretch, high: 0.99 })).toBe(false);
});
