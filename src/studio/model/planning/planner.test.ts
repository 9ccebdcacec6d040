import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyCurve } from '../../../enc/curve';
import { network, ready } from '../../testing/states';
import type { Curve } from '../../../enc/curve';
import { createPlanner, plansAt } from './planner';

const inputs = (curves: ReadonlyMap<string, Curve>) => ({
  metric: 'energy',
  curves,
  energy: curves,
  space: null,
});
/** Ids of the methods that plan already. */
const planning = (curves: ReadonlyMap<string, Curve>, overrides = {}) =>
  Object.keys(plansAt(createPlanner(network, inputs(curves), overrides), 0.5));
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
});

describe('plansAt', () => {
  const { planner } = ready().network!;
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
    for (const { plan, key, predicted } of plannedAt(1)) {
      expect(plan.achieved).toBe(1);
      expect(key).toBe('');
      expect(predicted).toBe(1);
    }
  });
});
