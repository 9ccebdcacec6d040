import { figurePoints } from './figurePoints';
import { describe, expect, it } from 'vitest';
import { lowRankRecipe, originalRecipe, recipeKey } from '../compression/recipe';
import { recipeOf, withMeasured } from './testing/measuredStates';
import {
  accuracyOf,
  keyOf,
  measurementOf,
  original,
  originalMeasurement,
  repairedRecipe,
} from './measurements';
import { images, network, ready } from './testing/states';
import { withPlans } from './foundTransitions';
import { withImages, withOverride, withPreprocessing, withSettings } from './transitions';

describe('what a measurement holds for', () => {
  const state = withMeasured(ready(0.5), original(ready())!);

  it('is found again under the same network, images and preprocessing', () => {
    expect(originalMeasurement(state)?.top1).toBe(3);
    expect(measurementOf(state, originalRecipe(network.fingerprint))?.top1).toBe(3);
  });
  it('is not found after the preprocessing or the images changed, and again after they changed back', () => {
    const other = withPreprocessing(state, { channels: 'bgr', mean: [0], scale: [1] });
    expect(originalMeasurement(other)).toBeNull();
    expect(originalMeasurement(withImages(state, { ...state.images!, fingerprint: 'others' }))).toBeNull();
    const back = withPreprocessing(other, state.document.settings.preprocessing);
    expect(originalMeasurement(back)?.top1).toBe(3);
  });
  it('is the same for one mean given once or per channel', () => {
    const spread = withPreprocessing(state, { channels: 'rgb', mean: [0, 0, 0], scale: [1 / 255] });
    expect(originalMeasurement(spread)).not.toBeNull();
  });
  it('is not found of another recipe, nor with another split of the images', () => {
    expect(measurementOf(state, recipeOf({ a: 3 }))).toBeNull();
    const many = withImages(state, { ...images, count: 80, labels: null });
    const measured = withMeasured(many, original(many)!);
    expect(originalMeasurement(measured)).not.toBeNull();
    expect(originalMeasurement(withSettings(measured, { seed: 1 }))).toBeNull();
    expect(
      originalMeasurement(withSettings(measured, { split: { calibration: 9, selection: 9 } })),
    ).toBeNull();
  });
  it('has no name while there is nothing to measure on', () => {
    expect(keyOf({ ...state, images: null }, recipeOf({}))).toBeNull();
    expect(measurementOf(state, null)).toBeNull();
  });
});

describe('accuracyOf', () => {
  const state = withMeasured(ready(0.5), original(ready())!, { top1: null, top5: null });
  const uncut = originalMeasurement(state)!;

  it('counts right answers where there are labels', () => {
    const accuracy = accuracyOf({ ...uncut, top1: 3 }, uncut)!;
    expect(accuracy).toMatchObject({ kind: 'top-1', share: 0.75, images: 4 });
    expect(accuracy.interval.low).toBeLessThan(0.75);
    expect(accuracy.interval.high).toBeGreaterThan(0.75);
  });
  it('counts agreement with the original where there are none', () => {
    const other = { ...uncut, answers: [0, 0, 1, 1] };
    expect(accuracyOf(other, uncut)).toMatchObject({ kind: 'agreement', successes: 3 });
    expect(accuracyOf(uncut, uncut)).toBeNull();
  });
});

describe('figurePoints', () => {
  const cut = lowRankRecipe(network.fingerprint, { a: 1 }, () => 'spatial');

  it('holds one point per method and recipe of the present images, and stays the same object', () => {
    const state = withMeasured(ready(0.5), cut, { achieved: 0.4, methods: ['map', 'uniform'] });
    expect(figurePoints(state).map((point) => [point.method, point.achieved])).toEqual([
      ['uniform', 0.4],
      ['map', 0.4],
    ]);
    const dragged = withPlans(state, 0.6, state.completed!.plans);
    expect(figurePoints(dragged)).toBe(figurePoints(state));
    expect(figurePoints(withPreprocessing(state, { channels: 'bgr', mean: [0], scale: [1] }))).toEqual([]);
  });

  it('shows a recipe as it was cut and as it was repaired, and the repair of now alone', () => {
    const many = withImages(ready(0.5), { ...images, count: 80, labels: null });
    const repaired = repairedRecipe(many, cut)!;
    const both = withMeasured(withMeasured(many, cut, { methods: ['map'], top1: 2 }), repaired, {
      methods: ['map'],
      top1: 4,
    });
    const shown = (state: typeof both) =>
      figurePoints(state).map(({ accuracy, isRepaired }) => [accuracy.successes, isRepaired]);
    expect(shown(both)).toEqual([
      [2, false],
      [4, true],
    ]);
    expect(shown(withSettings(both, { isRepairing: false }))).toEqual([[2, false]]);
    expect(shown(withSettings(both, { seed: 1 }))).toEqual([]);
    expect(recipeKey(repaired)).not.toBe(recipeKey(cut));
  });

  it('marks those of an earlier setting, until it is the setting again or proposes them, too', () => {
    const state = withMeasured(ready(0.5), cut, { methods: ['map', 'uniform'] });
    const present = (own: typeof state) =>
      Object.fromEntries(figurePoints(own).map(({ method, isPresent }) => [method, isPresent]));
    expect(present(state)).toEqual({ map: true, uniform: true });
    const others = withOverride(state, 'a', false);
    expect(present(others)).toEqual({ map: false, uniform: false });
    expect(present(withSettings(others, { overrides: {} }))).toEqual({ map: true, uniform: true });
    // ENC-Map proposes these very ranks again.
    const plans = { map: { ...state.completed!.plans.map!, recipe: cut } };
    const proposed = withPlans(others, 0.4, plans);
    expect(present(proposed)).toEqual({ map: true, uniform: false });
    expect(present(withSettings(proposed, { overrides: {} }))).toEqual({ map: true, uniform: true });
  });

  it('marks those of another race where fewer plans are raced', () => {
    const state = withMeasured(ready(0.5), cut, { methods: ['map', 'inf'] });
    const present = (own: typeof state) => figurePoints(own).map(({ isPresent }) => isPresent);
    expect(present(state)).toEqual([true, true]);
    expect(present(withSettings(state, { candidates: 4 }))).toEqual([false, true]);
  });
});
