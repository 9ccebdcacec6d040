import { expect, it } from 'vitest';
import { lowRankRecipe, recipeKey } from '../compression/recipe';
import { methods } from '../compression/methods';
import { latencies, latencyKey } from './latencies';
import { bestOf, measuredPlans, planName, quantityNamed, savedFrom, settingsOfPlan } from './measuredPlans';
import { original, repairedRecipe } from './measurements';
import { originOf } from './origin';
import { plannerOf } from './planning';
import { plansAt } from './plans';
import { planSettings } from './askedSettings';
import { defaultSettings, settingList, type SettingName, type Settings } from './settings';
import { withMeasured } from './testing/measuredStates';
import { images, network, ready } from './testing/states';
import type { ProjectState } from './state';
import { withHistoryNote, withPlans } from './foundTransitions';
import { withImages, withOverride, withSettings } from './transitions';

const state = ready(0.5);
/** The state with the plans of its target, and those of a method measured. */
function measuredAt(own: ProjectState, method: string): ProjectState {
  const { target } = own.document.settings;
  const planned = withPlans(own, target, plansAt(plannerOf(own)!, target));
  const { recipe } = planned.completed!.plans[method]!;
  return withMeasured(planned, recipe, { methods: [method], achieved: target });
}
const recipeAt = (own: ProjectState, method: string) =>
  plansAt(plannerOf(own)!, own.document.settings.target)[method]!.recipe;

it('lists what ran on the present report images, with what it costs and how long it takes', () => {
  const withOriginal = withMeasured(state, original(state)!);
  const measured = measuredAt(withOriginal, 'map');
  const [plan, ...more] = measuredPlans(measured);
  expect(more).toEqual([]);
  const { plan: own, recipe } = measured.completed!.plans.map!;
  expect(plan!.key).toBe(recipeKey(recipe));
  expect(plan!.costs).toEqual(own.costs);
  expect(plan!.shares.macs).toBe(own.costs.macs / 3000);
  expect(plan).toMatchObject({ stage: 'cut', time: null, isPresent: true, name: '', isKept: false });
  expect(plan!.accuracy).toMatchObject({ successes: 3, images: 4 });

  const spread = (median: number, lowerQuartile: number, upperQuartile: number) => ({
    ...{ median, lowerQuartile, upperQuartile },
  });
  const timings = [1, 2].map((factor) => ({
    time: spread(8, 8, 8),
    speedUp: spread(factor, factor, 2 * factor),
  }));
  const report = { runtime: 'Fake', threads: 1, batches: [{ batchSize: 1, timings }] };
  const timed = latencies.put(measured, latencyKey(measured, recipe)!, report);
  expect(measuredPlans(timed)[0]!.time).toEqual(spread(0.5, 0.25, 0.5));

  // Other images say nothing here.
  expect(measuredPlans(withImages(timed, { ...images, fingerprint: 'images-2' }))).toEqual([]);
});

it('counts what a plan costs as its own layers are split, however they are at present', () => {
  const byChannels = { ...network.layers[0]!, factorisation: 'channel' as const, macsPerRank: 50 };
  const summary = { ...network, alternatives: [byChannels] };
  const open = { ...state, network: { ...state.network!, summary } };
  const recipe = lowRankRecipe(network.fingerprint, { a: 4, b: 3 }, (name) =>
    name === 'a' ? 'channel' : 'spatial',
  );
  const [plan] = measuredPlans(withMeasured(open, recipe));
  expect(plan!.costs.macs).toBe(4 * 50 + 3 * 100 + 1000);
});

it('says of a repaired network that it is, and names both as the person did', () => {
  const many = withImages(state, { ...images, count: 80, labels: null });
  const answers = Array.from({ length: 40 }, () => 0);
  const on = { count: 40, top1: null, top5: null, answers };
  const begun = withMeasured(many, original(many)!, on);
  const planned = withPlans(begun, 0.5, plansAt(plannerOf(begun)!, 0.5));
  const { recipe } = planned.completed!.plans.map!;
  const repaired = repairedRecipe(planned, recipe)!;
  const both = withMeasured(withMeasured(planned, recipe, { ...on, methods: ['map'] }), repaired, {
    ...on,
    methods: ['map'],
  });
  expect(measuredPlans(both).map(({ stage }) => stage)).toEqual(['cut', 'repaired']);
  expect(measuredPlans(both).map(planName)).toEqual([
    'ENC-Map, ENC-Model at 50.0\u00a0% of MACs',
    'ENC-Map, ENC-Model at 50.0\u00a0% of MACs, repaired',
  ]);
  const named = withHistoryNote(both, repaired, { name: 'the small one', isKept: true });
  expect(measuredPlans(named).map(({ name, isKept }) => [name, isKept])).toEqual([
    ['the small one', true],
    ['the small one', true],
  ]);
});

it('going back asks for target, method and layers again, and the plan is the same', () => {
  const asked = withOverride(withSettings(state, { target: 0.7, method: 'model', multiple: 2 }), 'c', true);
  const measured = measuredAt(asked, 'model');
  const [plan] = measuredPlans(measured);
  const elsewhere = withSettings(measured, {
    ...{ target: 0.4, method: 'uniform', overrides: { a: false }, multiple: 1, cost: 'parameters' },
  });
  expect(measuredPlans(elsewhere)[0]!.isPresent).toBe(false);
  expect(recipeKey(recipeAt(elsewhere, 'uniform'))).not.toBe(plan!.key);
  const back = withSettings(elsewhere, settingsOfPlan(measuredPlans(elsewhere)[0]!));
  expect(back.document.settings).toMatchObject({
    target: 0.7,
    method: 'model',
    overrides: { c: true },
    multiple: 2,
  });
  expect(recipeKey(recipeAt(back, 'model'))).toBe(plan!.key);
  expect(savedFrom(plan!, elsewhere.document.settings)).toMatchObject({ method: 'model', target: 0.7 });
});

it('notes the settings of the moment at which a plan was proposed first, and of no other plan', () => {
  const measured = measuredAt(withSettings(state, { target: 0.7 }), 'map');
  const [plan] = measuredPlans(measured);
  const later = measuredAt(withSettings(measured, { target: 0.7, seed: 3, candidates: 9 }), 'map');
  expect(measuredPlans(later).find(({ key }) => key === plan!.key)!.asked).toEqual(plan!.asked);
  // A download may be repaired while the slider is elsewhere.
  const { recipe } = measured.completed!.plans.map!;
  const away = withPlans(withSettings(state, { target: 0.3 }), 0.3, plansAt(plannerOf(state)!, 0.3));
  const [own] = measuredPlans(withMeasured(away, recipe, { methods: ['map'] }));
  expect(own!.asked).toBeNull();
  const { target, method } = settingsOfPlan(own!);
  expect(method).toBe('map');
  expect(Math.abs(target! - own!.shares.macs)).toBeLessThanOrEqual(0.0025 + 1e-12);
});

it('goes back to every setting that a plan follows from', () => {
  const named: readonly SettingName[] = planSettings;
  const origins = (own: Partial<Settings>) =>
    methods.all.map(({ id }) => originOf(withSettings(state, own), id)).join();
  for (const [name] of settingList) {
    if (named.includes(name) || !(name in defaultSettings)) continue;
    const changed = { [name]: otherThan(defaultSettings[name]) } as Partial<Settings>;
    // Images that plans are raced on are no setting of a plan.
    if (['seed', 'split', 'preprocessing'].includes(name)) continue;
    expect(origins(changed), name).toBe(origins({}));
  }
});

/** Another value of the same type. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value * 2 + 1;
  if (typeof value === 'string') return `${value}-`;
  return value === null ? 'other' : value;
}

it('finds the plans that no other beats', () => {
  const [plan] = measuredPlans(measuredAt(state, 'map'));
  const like = (key: string, macs: number, share: number, time: number | null = null) => ({
    ...plan!,
    ...{ key, shares: { ...plan!.shares, macs }, accuracy: { ...plan!.accuracy, share } },
    time: time === null ? null : { median: time, lowerQuartile: time, upperQuartile: time },
  });
  const plans = [like('a', 0.3, 0.8, 0.9), like('b', 0.4, 0.7, 0.5), like('c', 0.5, 0.9)];
  expect([...bestOf(plans, quantityNamed('macs'))]).toEqual(['a', 'c']);
  expect([...bestOf(plans, quantityNamed('time'))].sort()).toEqual(['a', 'b']);
});
