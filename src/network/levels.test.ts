import { describe, expect, it } from 'vitest';
import { biasLevels, biasOf, levelledValues, roundedBias } from './levels';
import { activation, networkOf, nodeOf, square } from './testing/builders';
import type { Operator } from './graph';

const quantise = { kind: 'quantise', type: 'uint8', scale: 0.5, zeroPoint: 3 } as const;
const pool = (reduce: 'max' | 'average'): Operator => ({
  ...{ kind: 'pool', reduce, window: square(2), stride: square(2) },
  ...{ padding: { top: 0, bottom: 0, left: 0, right: 0 }, roundUp: false, includePadding: false },
});

describe('values that hold levels', () => {
  it('are those that are rounded, and those that only move from there', () => {
    const network = networkOf(
      [4, 4, 2],
      [
        nodeOf('round', ['image'], quantise),
        nodeOf('largest', ['round:0'], pool('max')),
        nodeOf('flat', ['largest:0'], { kind: 'flatten', order: 'chw' }),
        nodeOf('mean', ['round:0'], pool('average')),
        nodeOf('bent', ['flat:0'], activation('tanh')),
      ],
    );
    expect([...levelledValues(network).keys()]).toEqual(['round:0', 'largest:0', 'flat:0']);
    expect(levelledValues(network).get('flat:0')).toEqual(quantise);
  });
});

describe('a bias in whole numbers', () => {
  const bias = Float32Array.of(0.26, -1, 100);
  const scales = Float32Array.of(0.5, 0.25, 0.125);

  it('is the nearest multiple of the scales of input and kernel', () => {
    const levels = roundedBias(bias, 0.1, scales)!;
    expect([...levels.values]).toEqual([5, -40, 8000]);
    expect(biasOf(levels)[0]).toBeCloseTo(0.25, 6);
    expect(biasLevels(bias, 0.1, scales)).toBeNull();
    expect(biasLevels(biasOf(levels), 0.1, scales)?.values).toEqual(levels.values);
  });

  it('does not exist where a level is beyond 32 bits', () => {
    expect(roundedBias(bias, 1e-9, scales)).toBeNull();
  });
});
