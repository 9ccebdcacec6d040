import { describe, expect, it } from 'vitest';
import { bestPlan } from './best';
import { bestText } from './bestText';
import { imageParts } from './images';
import { original, repairedRecipe } from './measurements';
import type { ProjectState } from './state';
import { recipeOf, withMeasured } from './testing/measuredStates';
import { images, ready } from './testing/states';
import { withPlans } from './foundTransitions';
import { withImages, withSettings } from './transitions';

const methods = ['uniform', 'map', 'model'];

/** A project whose three methods have a plan each, and the original answers all report images right. */
function opened(): ProjectState {
  const labels = Int32Array.from({ length: 200 }, (_, index) => index % 2);
  const state = withSettings(withImages(ready(0.5), { ...images, count: 200, labels }), {
    isRepairing: true,
  });
  const [any] = Object.values(state.completed!.plans);
  const plans = methods.map((method, index) => [method, { ...any!, recipe: recipeOf({ a: index + 1 }) }]);
  return withAnswers(withPlans(state, 0.5, Object.fromEntries(plans)), null, [], 1);
}

/** The state after a method's plan, or the original, was wrong on these report images. */
function withAnswers(
  state: ProjectState,
  method: string | null,
  wrong: readonly number[],
  achieved: number,
  isRepaired = false,
): ProjectState {
  const right = imageParts(state)!.report.labels!;
  const answers = Array.from(right, (label, index) => (wrong.includes(index) ? 1 - label : label));
  const cut = method === null ? original(state)! : state.completed!.plans[method]!.recipe;
  const recipe = isRepaired ? repairedRecipe(state, cut)! : cut;
  const top1 = right.length - wrong.length;
  return withMeasured(state, recipe, { count: right.length, top1, answers, achieved });
}

const first = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the plan to take', () => {
  it('is not known before two plans were measured', () => {
    expect(bestPlan(opened())).toBeNull();
    expect(bestPlan(withAnswers(opened(), 'map', [3], 0.5))).toBeNull();
  });

  it('is the most accurate one, and those that are worse by chance are named', () => {
    let state = withAnswers(opened(), 'uniform', first(30), 0.5);
    state = withAnswers(state, 'map', [0, 1], 0.5);
    state = withAnswers(state, 'model', [0, 5, 6], 0.5);
    expect(bestPlan(state)).toEqual({ method: 'map', isRepaired: false, tied: ['model'], others: 2 });
  });

  it('is the smaller one of two that are as accurate', () => {
    const state = withAnswers(withAnswers(opened(), 'map', [1], 0.5), 'model', [2], 0.49);
    expect(bestPlan(state)).toMatchObject({ method: 'model', tied: ['map'] });
  });

  it('is one of the repaired ones once two of them were measured', () => {
    let state = withAnswers(withAnswers(opened(), 'map', [1], 0.5), 'model', first(9), 0.5);
    state = withAnswers(state, 'model', [4], 0.5, true);
    expect(bestPlan(state)).toMatchObject({ method: 'map', isRepaired: false });
    state = withAnswers(state, 'map', [4, 5], 0.5, true);
    expect(bestPlan(state)).toEqual({ method: 'model', isRepaired: true, tied: ['map'], others: 1 });
  });
});

describe('bestText', () => {
  const best = { method: 'map', isRepaired: true, tied: [], others: 2 };
  it('says how sure it is, of plans that are as good, too', () => {
    expect(bestText(best)).toBe('ENC-Map is best at this target, repaired.');
    expect(bestText({ ...best, isRepaired: false, tied: ['model'] })).toBe(
      'ENC-Map is best at this target, as cut; ENC-Model differs by no more than chance.',
    );
    expect(bestText({ ...best, tied: ['model', 'uniform'], others: 3 })).toBe(
      'ENC-Map is best at this target, repaired; ENC-Model and Uniform differ by no more than chance.',
    );
    expect(bestText({ ...best, tied: ['model', 'uniform'] })).toBe(
      'ENC-Map is best at this target, repaired; the others differ by no more than chance.',
    );
  });
});
