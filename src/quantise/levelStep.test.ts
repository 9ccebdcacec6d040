import { beforeAll, describe, expect, it } from 'vitest';
import { centredRgb, noiseImages } from '../engine/testing/images';
import { startNodeBackend } from '../engine/testing/nodeBackend';
import type { Operator } from '../network/graph';
import { activation, chainOf, networkOf, nodeOf } from '../network/testing/builders';
import { levelStepOf } from './levelStep';

const images = noiseImages(4, 2, 2);
const on = { images, preprocessing: centredRgb, indices: Uint32Array.of(0, 1, 2, 3) };
const rounding = (scale: number): Operator => ({ kind: 'quantise', type: 'int8', scale, zeroPoint: 0 });
const weights = { shape: [12, 2], data: Float32Array.from({ length: 24 }, (_, at) => at - 7) };
const dense: Operator = { kind: 'dense', weights, bias: null };
const flat: Operator = { kind: 'flatten', order: 'hwc' };

describe('what a level more or less makes of scores', () => {
  beforeAll(() => startNodeBackend('wasm'));

  it('is the sum of the last layer’s weights times the level where all go one way', async () => {
    const network = chainOf([2, 2, 3], [rounding(0.5), flat, rounding(0.25), dense]);
    // Columns of −7, −5, … 15 and −6, −4, … 16 add up to 48 and 60; only the last rounding counts.
    expect(await levelStepOf(network, on)).toBeCloseTo(0.25 * 60, 3);
  });

  it('counts every value that is rounded last', async () => {
    const network = networkOf(
      [2, 2, 3],
      [
        nodeOf('flat', ['image'], flat),
        nodeOf('a', ['flat:0'], rounding(0.5)),
        nodeOf('b', ['flat:0'], activation('relu')),
        nodeOf('c', ['b:0'], rounding(0.125)),
        nodeOf('sum', ['a:0', 'c:0'], { kind: 'add' }),
      ],
    );
    expect(await levelStepOf(network, on)).toBeCloseTo(0.625, 5);
  });

  it('is nothing where nothing is rounded', async () => {
    expect(await levelStepOf(chainOf([2, 2, 3], [flat, dense]), on)).toBe(0);
  });
});
