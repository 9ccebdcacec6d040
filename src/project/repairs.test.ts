import { describe, expect, it } from 'vitest';
import type { DrawnImages } from '../compression/draw';
import { recipeKey } from '../compression/recipe';
import { imageParts } from './images';
import { presentRepair, repairedMeasurement, repairedRecipe } from './measurements';
import { repairOf, repairTaskOf } from './repairs';
import type { ProjectState } from './state';
import { withMeasured } from './testing/measuredStates';
import { images, ready } from './testing/states';
import { withRepair } from './foundTransitions';
import { withImages, withSettings, withTuning } from './transitions';

const note = { isRepaired: true, divergence: { truncated: 2, repaired: 1 }, calibrationImages: 100 };
const report = { ...images, count: 80, labels: null };
const tuning = { ...images, fingerprint: 'tuning-1', name: 'tuning', count: 400, labels: null };

/** Calibration images are a set of their own, or a part of the others; ENC-Map's plan was repaired on them. */
function repairedOn(own: typeof tuning | null): ProjectState {
  const state = withTuning(withImages(ready(0.5), report), own);
  const recipe = repairedRecipe(state, planOf(state))!;
  return withMeasured(withRepair(state, recipe, note), recipe);
}

const planOf = (state: ProjectState) => state.completed!.plans.map!.recipe;
/** What is known of the present repair of the plan, where the page and its download look for it. */
const known = (state: ProjectState) => [
  repairOf(state, planOf(state)),
  repairedMeasurement(state, planOf(state))?.top1 ?? null,
  state.document.repairs[repairTaskOf(state, 'map')?.key ?? ''] ?? null,
];
const found = [note, 3, note];
const notFound = [null, null, null];

const changes: [string, (state: ProjectState) => ProjectState, (state: ProjectState) => ProjectState][] = [
  ['the seed', (state) => withSettings(state, { seed: 1 }), (state) => withSettings(state, { seed: 0 })],
  [
    'the number of calibration images',
    (state) => withSettings(state, { split: { calibration: 50, selection: 20 } }),
    (state) => withSettings(state, { split: null }),
  ],
  [
    'the images',
    (state) => withTuning(state, { ...tuning, fingerprint: 'tuning-2' }),
    (state) => withTuning(state, tuning),
  ],
  [
    'the preprocessing',
    (state) => withSettings(state, { preprocessing: { channels: 'bgr', mean: [1], scale: [1] } }),
    (state) => withSettings(state, { preprocessing: ready().document.settings.preprocessing }),
  ],
  [
    'that there is a set of their own',
    (state) => withTuning(state, null),
    (state) => withTuning(state, tuning),
  ],
];

describe('a repair on images of a set of their own', () => {
  const state = repairedOn(tuning);
  it('is found under what it was made with', () => {
    expect(known(state)).toEqual(found);
  });
  it.each(changes)(
    'is not found after %s changed, and again after the change was taken back',
    (_, go, back) => {
      const other = go(state);
      expect(recipeKey(repairedRecipe(other, planOf(other))!)).not.toBe(
        recipeKey(repairedRecipe(state, planOf(state))!),
      );
      expect(known(other)).toEqual(notFound);
      expect(known(back(other))).toEqual(found);
    },
  );
  it('is named by exactly the images that it is made on, and the seed', () => {
    const step = presentRepair(state)!;
    const { calibration } = imageParts(state)!;
    expect(step.images).toEqual<DrawnImages>({
      images: 'tuning-1',
      draw: { kind: 'shuffled', seed: 0, from: 0, count: 199 },
      preprocessing: { channels: 'rgb', mean: [0, 0, 0], scale: [1 / 255, 1 / 255, 1 / 255] },
    });
    expect(calibration.drawn).toEqual(step.images);
    expect(presentRepair(withSettings(state, { seed: 3 }))).toMatchObject({
      seed: 3,
      images: { draw: { seed: 3 } },
    });
  });
});

it('a repair on a part of the images is not found after seed or sizes changed, and again after the change was taken back', () => {
  const state = repairedOn(null);
  expect(known(state)).toEqual(found);
  for (const [, go, back] of changes.slice(0, 2)) {
    expect(known(go(state))).toEqual(notFound);
    expect(known(back(go(state)))).toEqual(found);
  }
});

describe('repairTaskOf', () => {
  const state = repairedOn(tuning);
  it('is nothing where nothing is cut, and where there is nothing to repair on', () => {
    expect(repairTaskOf(state, 'map')).toMatchObject({ method: 'map', achieved: 0.5 });
    expect(repairTaskOf(state, 'inf')).toBeNull();
    expect(repairTaskOf(withSettings(state, { isRepairing: false }), 'map')).toBeNull();
    expect(repairTaskOf(withSettings(state, { split: { calibration: 15, selection: 9 } }), 'map')).toBeNull();
    expect(repairTaskOf(ready(1), 'map')).toBeNull();
  });
});
