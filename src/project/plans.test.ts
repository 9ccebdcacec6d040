import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../compression/planning';
import { ranksOf, recipeKey } from '../compression/recipe';
import { energyCurve, type Curve } from '../enc/curve';
import { plannerOf } from './planning';
import { createPlanner, plansAt, plansOf } from './plans';
import { network, ready } from './testing/states';

const plannerWith = (curves: ReadonlyMap<string, Curve>, overrides = {}) =>
  createPlanner(network, {
    problem: problemOf(network, overrides),
    inputs: { metric: 'energy', curves, energy: curves, space: null },
    cost: 'macs',
    others: [],
  });
/** Ids of the methods that plan already. */
const planning = (curves: ReadonlyMap<string, Curve>, overrides = {}) =>
  Object.keys(plansAt(plannerWith(curves, overrides), 0.5));
const curve = (name: string) => energyCurve(name, [9, 8, 7, 6, 5, 4, 3, 2, 1], 9);

describe('createPlanner', () => {
  it('offers Uniform before any curve is known, and ENC-Map only with the last one', () => {
    const some = new Map([['a', curve('a')]]);
    const all = new Map([...some, ['b', curve('b')] as const]);
    expect(planning(new Map())).toEqual(['uniform']);
    expect(planning(some)).toEqual(['uniform']);
    expect(planning(all)).toEqual(['uniform', 'map', 'model']);
  });

  it('needs the curve of a layer that a person includes', () => {
    const curves = new Map([curve('a'), curve('b')].map((known) => [known.layer, known]));
    expect(planning(curves, { c: true })).not.toContain('map');
  });

  it('predicts nothing while a curve is missing', () => {
    expect(plansAt(plannerWith(new Map()), 0.5).uniform!.predicted).toBeNull();
    expect(plansOf(plannerWith(new Map()), 'model', 0.5, 3)).toEqual([]);
  });
});

describe('plansAt', () => {
  const planner = plannerOf(ready())!;
  const plannedAt = (target: number) => Object.values(plansAt(planner, target));
  it('stays within the target wherever it can be reached', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 1, noNaN: true }), (target) => {
        for (const { plan } of plannedAt(target)) {
          if (plan.reached) expect(plan.achieved).toBeLessThanOrEqual(target * (1 + 1e-9));
        }
      }),
    );
  });
  it('is the untouched network at target 1, predicted whole', () => {
    for (const { plan, recipe, isOriginal, predicted } of plannedAt(1)) {
      expect(plan.achieved).toBe(1);
      expect(recipe.layers).toEqual({});
      expect(isOriginal).toBe(true);
      expect(predicted).toBe(1);
    }
  });
  it('states each plan as a recipe of the same ranks', () => {
    for (const { plan, recipe } of plannedAt(0.5)) {
      const cut = Object.entries(plan.ranks).filter(([, rank]) => rank !== null);
      expect(ranksOf(recipe)).toEqual(Object.fromEntries(cut));
      expect(recipe.network).toBe(network.fingerprint);
    }
  });
});

it('plansOf gives different plans, best first, the first of them that of plansAt', () => {
  const planner = plannerOf(ready())!;
  const plans = plansOf(planner, 'model', 0.5, 4);
  expect(plans.length).toBeGreaterThan(1);
  expect(new Set(plans.map(({ recipe }) => recipeKey(recipe))).size).toBe(plans.length);
  expect(plans[0]!.recipe).toEqual(plansAt(planner, 0.5).model!.recipe);
  const predicted = plans.map((planned) => planned.predicted!);
  expect(predicted).toEqual(predicted.toSorted((a, b) => b - a));
});
