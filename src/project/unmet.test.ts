import { expect, it } from 'vitest';
import { energyCurve } from '../enc/curve';
import { withLayersBounded, withLayersLocked, withLayersWhole } from './layerDecisions';
import { plannerOf } from './planning';
import { plansAt } from './plans';
import type { ProjectState } from './state';
import { initialProject } from './state';
import { layer, network, ready } from './testing/states';
import { withCurves, withNetwork, withSettings } from './transitions';
import { unmetText } from './unmet';

/* Layers of 1,000 MACs and 100 parameters; each rank takes 100 and 10; the third is kept by default. */
const [a, b] = network.layers;
const said = (state: ProjectState) => {
  const { target } = state.document.settings;
  return unmetText(state, plansAt(plannerOf(state)!, target).map!.plan)?.replaceAll('\u00a0', ' ') ?? null;
};

it('says nothing where the budget is kept', () => {
  expect(said(ready(0.5))).toBeNull();
});

it('says the smallest value that can be reached, and which layers hold it up and why', () => {
  const state = withSettings(ready(), { target: 0.35 });
  // 100 + 100 + 1,000 of 3,000: the third layer whole.
  expect(said(state)).toBe(
    'The target cannot be reached: 35 % of MACs is asked for, 40.0 % of MACs is the least, held up by c (kept whole: 33.3 %).',
  );
  const locked = withLayersBounded(
    withLayersLocked(state, [a!], () => 6),
    [b!],
    () => ({ least: 3 }),
  );
  expect(said(locked)).toBe(
    'The target cannot be reached: 35 % of MACs is asked for, 63.3 % of MACs is the least, held up by c (kept whole: 33.3 %), a (locked at rank 6: 20.0 %), b (rank 3 or more: 10.0 %).',
  );
});

it('says so of each of two budgets, and of both together', () => {
  const second = { cost: 'parameters', share: 0.3 };
  const state = withSettings(withLayersWhole(ready(), [a!]), { target: 0.9, second });
  expect(said(state)).toBe(
    'The target cannot be reached: 30 % of parameters is asked for, 70.0 % of parameters is the least, held up by a (kept whole: 33.3 %), c (kept whole: 33.3 %).',
  );
});

it('names the nearest plan where each budget could be met by itself', () => {
  // Any rank of the first layer holds more weights than the layer.
  const layers = [layer('a', { parametersPerRank: 150 }), ...network.layers.slice(1)];
  const opened = withNetwork(initialProject, 'heavy', { ...network, layers });
  const curves = ['a', 'b', 'c'].map((name) => energyCurve(name, [9, 1, 1, 1, 1, 1, 1, 1, 1], 9));
  const state = withCurves(opened, network.fingerprint, curves);
  const second = { cost: 'parameters', share: 0.8 };
  expect(said(withSettings(state, { target: 0.45, second }))).toMatch(
    /^The budgets cannot be met together: the nearest plan takes [\d.]+ % of MACs and [\d.]+ % of parameters, held up by /,
  );
});
