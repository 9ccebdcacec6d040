import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPchip, evaluatePchip } from './pchip';

/*
 * import numpy as np
 * from scipy.interpolate import PchipInterpolator   # SciPy 1.10.1
 * at = np.linspace(x[0], x[-1], 9); PchipInterpolator(x, y)(at)
 */
const scipyCurves = [
  {
    name: 'a flat segment',
    x: [0, 1, 2, 3, 4],
    y: [0, 1, 1, 2, 5],
    expected: [0.0, 0.6875, 1.0, 1.0, 1.0, 1.3125, 2.0, 3.1875, 5.0],
  },
  {
    name: 'uneven spacing, turns and a flat segment',
    x: [0, 0.1, 1, 1.5, 4, 10],
    y: [1, 0.8, 0.85, 0.2, 0.2, -3],
    expected: [
      1.0, 0.525, 0.2, 0.2, 0.08932461873638345, -0.33272058823529416, -1.022331154684096,
      -1.9284449891067537, -3.0,
    ],
  },
  {
    name: 'two samples, a straight line',
    x: [1, 2],
    y: [3, -1],
    expected: [3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0, -0.5, -1.0],
  },
  {
    name: 'a turn that limits the end slope',
    x: [0, 1, 3],
    y: [0, 2, -5],
    expected: [
      0.0, 1.1943359375, 1.8671874999999998, 1.973876953125, 1.5781250000000002, 0.6960449218750001,
      -0.685546875, -2.5798339843749996, -5.0,
    ],
  },
  {
    name: 'an accuracy curve over ranks',
    x: [2, 4, 8, 16, 24],
    y: [0.1, 0.55, 0.8, 0.97, 1],
    expected: [
      0.1, 0.6209186854080475, 0.7821218059040966, 0.8688781625848068, 0.9323319284539474, 0.9682705704538446,
      0.984490966796875, 0.9957571716308592, 0.9999999999999999,
    ],
  },
  {
    name: 'flat, then a step at the end',
    x: [-3, -1, 0.5, 0.75],
    y: [0, 0, 0, 1],
    expected: [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
  },
  {
    name: 'an end slope of the wrong sign',
    x: [0, 1, 2],
    y: [0, 0.1, 5],
    expected: [
      0.0, 0.0064375000000000005, 0.025500000000000002, 0.0568125, 0.1, 0.551, 1.6620000000000001,
      3.217000000000001, 5.000000000000001,
    ],
  },
];

describe('evaluatePchip', () => {
  it.each(scipyCurves)('equals SciPy on $name', ({ x, y, expected }) => {
    const curve = createPchip(x, y);
    const last = x[x.length - 1] ?? 0;
    const first = x[0] ?? 0;
    expected.forEach((value, i) => {
      const at = first + ((last - first) * i) / 8;
      expect(Math.abs(evaluatePchip(curve, at) - value)).toBeLessThanOrEqual(1e-12);
    });
  });

  it('passes through its samples and stays between neighbours', () => {
    const samples = fc.array(
      fc.record({
        width: fc.double({ min: 1e-3, max: 10, noNaN: true }),
        value: fc.double({ min: -100, max: 100, noNaN: true }),
      }),
      { minLength: 2, maxLength: 12 },
    );
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) => {
        let position = 0;
        const x = steps.map((step) => (position += step.width));
        const y = steps.map((step) => step.value);
        const curve = createPchip(x, y);
        for (let i = 0; i + 1 < x.length; i++) {
          expect(evaluatePchip(curve, x[i]!)).toBeCloseTo(y[i]!, 9);
          const between = evaluatePchip(curve, x[i]! + share * (x[i + 1]! - x[i]!));
          expect(between).toBeGreaterThanOrEqual(Math.min(y[i]!, y[i + 1]!) - 1e-9);
          expect(between).toBeLessThanOrEqual(Math.max(y[i]!, y[i + 1]!) + 1e-9);
        }
      }),
    );
  });

  it('holds the end values outside the samples, or throws when asked to', () => {
    const curve = createPchip([1, 2, 4], [0.5, 0.7, 1]);
    expect(evaluatePchip(curve, -5)).toBe(0.5);
    expect(evaluatePchip(curve, 4.001)).toBe(1);
    expect(() => evaluatePchip(curve, 4.001, 'throw')).toThrow(
      'evaluatePchip: expected a point in [1, 4], got 4.001',
    );
    expect(evaluatePchip(curve, 4, 'throw')).toBe(1);
    expect(evaluatePchip(curve, Number.NaN)).toBeNaN();
  });
});

describe('createPchip', () => {
  it('names what is wrong with the samples', () => {
    expect(() => createPchip([1], [1])).toThrow('expected at least 2 samples, got 1');
    expect(() => createPchip([], [])).toThrow('expected at least 2 samples, got 0');
    expect(() => createPchip([1, 2], [1])).toThrow('got 2 x and 1 y');
    expect(() => createPchip([1, 1], [0, 0])).toThrow('got 1 then 1 at index 1');
    expect(() => createPchip([1, 3, 2], [0, 0, 0])).toThrow('got 3 then 2 at index 2');
    expect(() => createPchip([1, Number.NaN], [0, 0])).toThrow('got (NaN, 0) at index 1');
    expect(() => createPchip([1, 2], [0, Infinity])).toThrow('got (2, Infinity) at index 1');
  });
});
