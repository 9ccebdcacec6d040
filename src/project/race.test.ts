import { expect, it } from 'vitest';
import { recipeKey } from '../compression/recipe';
import { withLayersLocked, withLayersWhole } from './layerDecisions';
import { plannerOf } from './planning';
import { plansAt } from './plans';
import { withPresentPlans } from './presentPlans';
import { racedPlans } from './race';
import { network, ready } from './testing/states';
import { withRace } from './foundTransitions';
import { withSettings } from './transitions';

const [a] = network.layers;

/** A race at 60 % that ENC-Map's plan has won. */
function raced() {
  const state = ready(0.6);
  const asked = withSettings(state, { target: 0.6 });
  const planned = plansAt(plannerOf(asked)!, 0.6).map!;
  const standings = [
    {
      key: recipeKey(planned.recipe),
      images: 4,
      correct: 4,
      isDropped: false,
      correctByImage: new Uint8Array(4),
    },
  ];
  return withRace(asked, {
    ...{ method: 'inf', key: 'race', target: 0.6, images: 4, standings, isFinished: true },
    entries: [{ planned, isSeeded: true, methods: ['map'] }],
  });
}

it('a race’s winner is ruled out by whatever is decided after it', () => {
  const state = raced();
  const rank = racedPlans(state).inf!.plan.ranks.a!;
  expect(rank).toBeGreaterThan(1);
  expect(Object.keys(racedPlans(withLayersLocked(state, [a!], () => rank - 1)))).toEqual([]);
  expect(Object.keys(racedPlans(withLayersLocked(state, [a!], () => rank)))).toEqual(['inf']);
  expect(Object.keys(racedPlans(withLayersWhole(state, [a!])))).toEqual([]);
  const tight = withSettings(state, { second: { cost: 'parameters', share: 0.45 } });
  expect(Object.keys(racedPlans(tight))).toEqual([]);
  expect(withPresentPlans(tight).completed!.plans.inf).toBeUndefined();
  expect(
    Object.keys(racedPlans(withSettings(state, { second: { cost: 'parameters', share: 0.9 } }))),
  ).toEqual(['inf']);
});
