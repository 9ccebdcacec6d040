import { describe, expect, it } from 'vitest';
import type { LayerDescription } from '../../../network/layers';
import { curveAxis, placeOfRank } from './curveAxes';

function layerOf(name: string, macs: number, rankMax: number): LayerDescription {
  return {
    ...{ name, kind: 'conv2d', shape: '3×3, 16 → 16', macs, parameters: 2304, factorisation: 'spatial' },
    ...{ macsPerRank: macs / (rankMax + 0.5), parametersPerRank: 96, biasParameters: 16, rankMax },
    ...{ rankFull: 48, kept: null, keptByDefault: null },
  };
}

const [small, large] = [layerOf('small', 1e6, 24), layerOf('large', 4e6, 96)];
const layers = [small, large];

describe('curves against rank', () => {
  const axis = curveAxis('rank', layers, 8e6);
  it('end at one place, and leave a lane for whole layers beyond it', () => {
    expect(placeOfRank(axis, small, 24)).toBe(placeOfRank(axis, large, 96));
    expect(placeOfRank(axis, small, 12)).toBe(placeOfRank(axis, small, 24) / 2);
    expect(placeOfRank(axis, small, null)).toBeGreaterThan(placeOfRank(axis, small, 24));
    expect(axis.hasLane).toBe(true);
    expect(axis.ticks.map(({ text }) => text)).toEqual(['0', '25', '50', '75', '100']);
  });
});

describe('curves against MACs', () => {
  const axis = curveAxis('macs', layers, 8e6);
  it('are as wide as what the layers compute', () => {
    expect(axis.wholeOf(large)).toBeCloseTo(0.97, 6);
    expect(axis.wholeOf(large) / axis.wholeOf(small)).toBeCloseTo(4, 6);
    expect(placeOfRank(axis, small, 24)).toBeLessThanOrEqual(axis.wholeOf(small));
    // Equal MACs stand above one another: a rank of each costs the same share of the network.
    const [one, other] = [12, 12 * (small.macsPerRank / large.macsPerRank)];
    expect(placeOfRank(axis, large, other)).toBeCloseTo(placeOfRank(axis, small, one), 9);
  });
  it('have round marks in percent of the network, also where every layer is small', () => {
    expect(axis.ticks.map(({ text }) => text)).toEqual(['0', '10', '20', '30', '40', '50']);
    const tiny = curveAxis('macs', layers, 4e6 / 0.019);
    expect(tiny.ticks.map(({ text }) => text)).toEqual(['0.0', '0.5', '1.0', '1.5']);
    expect(tiny.ticks.at(-1)!.at).toBeLessThan(1);
  });
});
