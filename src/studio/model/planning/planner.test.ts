import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyCurve } from '../../../enc/curve';
import { network, ready } from '../../testing/states';
import { createPlanner, isIncluded, plansAt } from './planner';

const curve = (name: string) => energyCurve(name, [9, 8, 7, 6, 5, 4, 3, 2, 1], 9);

describe('createPlanner', () => {
  it('offers Uniform before any curve is known, and ENC-Map only with the last one', () => {
    const some = new Map([['a', curve('a')]]);
    const all = new Map([...some, ['b', curve('b')] as const]);
    expect(Object.keys(createPlanner(network, new Map(), {}).ladders)).toEqual(['uniform']);
    expect(Object.keys(createPlanner(network, some, {}).ladders)).toEqual(['uniform']);
    expect(Object.keys(createPlanner(network, all, {}).ladders)).toEqual(['uniform', 'map']);
  });

  it('needs the curve of a layer that a person includes', () => {
    const curves = new Map([curve('a'), curve('b')].map((known) => [known.layer, known]));
    expect(createPlanner(network, curves, { c: true }).ladders.map).toBeUndefined();
  });
});

describe('isIncluded', () => {
  const [plain, , keptByDefault] = network.layers;
  it('keeps what is kept by default unless a person includes it', () => {
    expect(isIncluded(plain!, {})).toBe(true);
    expect(isIncluded(plain!, { a: false })).toBe(false);
    expect(isIncluded(keptByDefault!, {})).toBe(false);
    expect(isIncluded(keptByDefault!, { c: true })).toBe(true);
  });
  it('never includes a layer that cannot be factorised', () => {
    expect(isIncluded({ ...plain!, kept: 'Depthwise.' }, { a: true })).toBe(false);
  });
});

describe('plansAt', () => {
  const { planner } = ready().network!;
  it('stays within the target wherever it can be reached', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 1, noNaN: true }), (target) => {
        for (const { plan } of Object.values(plansAt(planner, target))) {
          if (plan.reached) expect(plan.achieved).toBeLessThanOrEqual(target * (1 + 1e-9));
        }
      }),
    );
  });
  it('is the untouched network at target 1, predicted whole', () => {
    for (const { plan, key, predicted } of Object.values(plansAt(planner, 1))) {
      expect(plan.achieved).toBe(1);
      expect(key).toBe('');
      expect(predicted).toBe(1);
    }
  });
});
