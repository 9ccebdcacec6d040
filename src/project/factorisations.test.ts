import { describe, expect, it } from 'vitest';
import { curveMethods } from '../compression/methods';
import { documentText, readDocument } from './documentText';
import { factorise } from './jobs/factorise';
import { layerTimes } from './jobs/layerTimes';
import { decisionOf, withLayersLocked, withLayersSplit } from './layerDecisions';
import { layerTimesTask, timeTableKey } from './layerTimes';
import { plannerOf } from './planning';
import { withPresentPlans } from './presentPlans';
import { initialProject, type ProjectState } from './state';
import { layer, network } from './testing/states';
import { withLayerTimes, withNetwork, withSettings, withSpectra } from './transitions';

/* Split by channels, the first two layers have half as many useful ranks, each at twice the cost. */
const other = (name: string) => layer(name, { factorisation: 'channel', macsPerRank: 200, rankMax: 4 });
const both = { ...network, alternatives: [other('a'), other('b')] };
const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
const spectrum = (name: string, factorisation: 'spatial' | 'channel', values: readonly number[]) => ({
  ...{ layer: name, factorisation, singularValues: Float64Array.from(values) },
});
const flat = [1, 1, 1, 1, 1, 1, 1, 1, 1];
const spatial = ['a', 'b', 'c'].map((name) => spectrum(name, 'spatial', flat));
/** All of the first kernel's squares, 9, in one channel; the second's spread out as they are spatially. */
const channel = [spectrum('a', 'channel', [3, 0, 0, 0]), spectrum('b', 'channel', [1.5, 1.5, 1.5, 1.5])];

function opened(): ProjectState {
  const state = withNetwork({ ...initialProject, backend }, 'both', both);
  return withSpectra(state, network.fingerprint, spatial);
}

const [a, b] = network.layers;
const inUse = (state: ProjectState) =>
  state.network!.summary.layers.map(({ factorisation }) => factorisation);
const wanted = (state: ProjectState) =>
  factorise
    .wanted(state)
    .flatMap(({ layers }) => layers.map(({ name, factorisation }) => `${factorisation} ${name}`));

describe('how layers are split', () => {
  it('follows the settings: other ranks and costs, factors that are wanted, curves and recipes', () => {
    const state = withLayersSplit(opened(), [a!, b!], 'channel');
    expect(inUse(state)).toEqual(['channel', 'channel', 'spatial']);
    expect([...state.network!.curves.keys()]).toEqual(['c']);
    expect(wanted(state)).toEqual(['channel a', 'channel b', 'spatial c']);
    const ready = withPresentPlans(withSpectra(state, network.fingerprint, channel));
    expect(wanted(ready)).toEqual([]);
    const plans = Object.entries(ready.completed!.plans);
    expect(plans.map(([id]) => id)).toEqual(curveMethods().map(({ id }) => id));
    for (const [, { plan, recipe }] of plans) {
      expect(plan.ranks.a).toBeLessThanOrEqual(4);
      expect(recipe.layers.a).toEqual({ kind: 'low-rank', factorisation: 'channel', rank: plan.ranks.a });
    }
    // Back again, the former curves are there at once.
    const back = withLayersSplit(ready, [a!, b!], 'spatial');
    expect(back.document.settings.factorisations).toEqual({});
    expect([inUse(back), wanted(back)]).toEqual([['spatial', 'spatial', 'spatial'], []]);
    expect(withSettings(back, ready.document.settings).network!.summary.layers).toEqual(
      ready.network!.summary.layers,
    );
  });

  it('is automatically the one that keeps more at equal cost, once both are known', () => {
    const state = withLayersSplit(opened(), [a!, b!], 'automatic');
    expect([inUse(state), wanted(state).slice(-2)]).toEqual([
      ['spatial', 'spatial', 'spatial'],
      ['channel a', 'channel b'],
    ]);
    const known = withSpectra(state, network.fingerprint, channel);
    // 9 × (1 − 200 / 1,000) against Σ (1 − r / 10) over nine ranks = 4.5; then 2.25 × Σ (1 − r / 5) = 4.5, no more.
    expect(inUse(known)).toEqual(['channel', 'spatial', 'spatial']);
    const read = readDocument(documentText(known.document), 'document');
    expect(read.settings.factorisations).toEqual({ a: 'automatic', b: 'automatic' });
  });

  it('is automatically the one that keeps more in equal time where a budget is on time, once layers are timed', () => {
    const split = withSpectra(withLayersSplit(opened(), [a!, b!], 'automatic'), network.fingerprint, channel);
    const asked = withSettings(split, { second: { cost: 'time', share: 0.5 } });
    // By MACs before there are times.
    expect(inUse(asked)).toEqual(['channel', 'spatial', 'spatial']);
    const { layers } = layerTimesTask(asked.network!.summary, asked.document.settings.factorisations);
    expect(layers.map(({ layer: name, factorisation }) => `${factorisation} ${name}`)).toEqual([
      ...['channel a', 'spatial b', 'spatial c', 'spatial a', 'channel b'],
    ]);
    expect(layerTimes.wanted(asked)).toHaveLength(1);
    const key = timeTableKey(asked)!;
    // Channels pay for the second layer only.
    const channelTime = (name: string) => (name === 'a' ? 9.9 : 0.1);
    const timed = withLayerTimes(asked, key, {
      total: 40,
      layers: layers.map(({ layer: name, factorisation, ranks }) => ({
        ...{ layer: name, factorisation, whole: 10, ranks },
        times: ranks.map((rank) => (factorisation === 'channel' ? channelTime(name) : rank)),
      })),
    });
    expect(inUse(timed)).toEqual(['spatial', 'channel', 'spatial']);
    // The times are of both ways, so that they last.
    expect([timeTableKey(timed), layerTimes.wanted(timed)]).toEqual([key, []]);
    const { problem } = plannerOf(timed)!;
    expect(problem.layers.map(({ costs }) => costs.time![0])).toEqual([1, 0.1]);
    expect(inUse(withSettings(timed, { second: null }))).toEqual(['channel', 'spatial', 'spatial']);
  });

  it('holds a locked rank to what is useful in the other way', () => {
    const state = withSpectra(withLayersSplit(opened(), [a!], 'channel'), network.fingerprint, channel);
    const described = state.network!.summary.layers[0]!;
    const locked = withPresentPlans(withLayersLocked(state, [described], () => 9));
    for (const { plan } of Object.values(locked.completed!.plans)) expect(plan.ranks.a).toBe(4);
    // The other way round: locked first, split otherwise then.
    const spatially = withLayersLocked(opened(), [a!], () => 9);
    const split = withSpectra(withLayersSplit(spatially, [a!], 'channel'), network.fingerprint, channel);
    expect(decisionOf(split.document.settings, split.network!.summary.layers[0]!)).toEqual({
      ...{ kind: 'locked', rank: 4 },
    });
    for (const { plan } of Object.values(withPresentPlans(split).completed!.plans))
      expect(plan.ranks.a).toBe(4);
  });
});
