import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyCurve } from '../enc/curve';
import { curveMethods } from '../compression/methods';
import type { LayerDescription } from '../network/layers';
import { documentText, readDocument } from './documentText';
import { historyFrom, noted, redone, undone } from './history';
import {
  decisionOf,
  decisionText,
  greatestRank,
  withLayersBounded,
  withLayersFree,
  withLayersLocked,
  withLayersMultiple,
  withLayersWhole,
  type LayerDecision,
} from './layerDecisions';
import { plannerOf } from './planning';
import { plansAt } from './plans';
import { rankMultiples } from './settings';
import { withPresentPlans } from './presentPlans';
import { initialProject, type ProjectState } from './state';
import { layer, network, opened } from './testing/states';
import { withCurves, withNetwork, withSettings } from './transitions';

const anyLayer = fc.record({
  rankMax: fc.integer({ min: 1, max: 12 }),
  macsPerRank: fc.integer({ min: 1, max: 50 }),
  over: fc.integer({ min: 0, max: 40 }),
  parametersPerRank: fc.integer({ min: 1, max: 50 }),
  parameters: fc.integer({ min: 1, max: 400 }),
  keptByDefault: fc.constantFrom(null, null, 'It gives the classes.'),
  kept: fc.constantFrom(null, null, null, 'Depthwise.'),
  rises: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
});

/** What a person does to several rows at once; which ones, by a bit each. */
const anyAct = fc.record({
  rows: fc.integer({ min: 1, max: 63 }),
  kind: fc.constantFrom('free', 'whole', 'locked', 'bounded', 'multiple'),
  one: fc.integer({ min: 0, max: 14 }),
  two: fc.option(fc.integer({ min: 1, max: 14 })),
});
type Act = typeof anyAct extends fc.Arbitrary<infer T> ? T : never;

function stateOf(
  drawn: readonly (typeof anyLayer extends fc.Arbitrary<infer T> ? T : never)[],
): ProjectState {
  const layers = drawn.map(({ rankMax, macsPerRank, over, ...own }, index): LayerDescription => {
    const { parameters, parametersPerRank, kept, keptByDefault } = own;
    const given = { parameters, parametersPerRank, kept, keptByDefault, rankMax, macsPerRank };
    return layer(`layer${index}`, { ...given, macs: rankMax * macsPerRank + over });
  });
  const sum = (of: (own: LayerDescription) => number) => layers.reduce((total, own) => total + of(own), 5);
  const totals = { macs: sum(({ macs }) => macs), parameters: sum(({ parameters }) => parameters) };
  const state = withNetwork(initialProject, 'random', { ...network, ...totals, layers });
  const curves = drawn.map(({ rises, rankMax }, index) =>
    energyCurve(
      `layer${index}`,
      rises.toSorted((a, b) => b - a),
      rankMax,
    ),
  );
  return withCurves(state, network.fingerprint, curves);
}

function acted(state: ProjectState, { rows, kind, one, two }: Act): ProjectState {
  const all = state.network!.summary.layers;
  const some = all.filter((_, index) => (rows >> index) % 2 === 1);
  switch (kind) {
    case 'free':
      return withLayersFree(state, some);
    case 'whole':
      return withLayersWhole(state, some);
    case 'locked':
      return withLayersLocked(state, some, () => (one === 0 ? null : one));
    case 'bounded': {
      const bounds = { ...(one > 0 ? { least: one } : {}), ...(two === null ? {} : { most: two }) };
      return withLayersBounded(state, some, () => bounds);
    }
    case 'multiple':
      return withLayersMultiple(state, some, rankMultiples[one] ?? null);
  }
}

/**
 * Whether a plan's rank is what the decision allows; a multiple gives way to a bound that holds none.
 *
 * @param ofAll what ranks are multiples of where a layer has no multiple of its own
 */
function isKeptTo(
  decision: LayerDecision,
  rank: number | null | undefined,
  own: LayerDescription,
  ofAll: number,
): boolean {
  switch (decision.kind) {
    case 'whole':
      return rank === undefined;
    case 'free':
      return rank === null || rank === undefined || (rank >= 1 && rank % (decision.multiple ?? ofAll) === 0);
    case 'locked':
      return rank === decision.rank && rank <= greatestRank(own);
    case 'bounded': {
      const { least = 1, most } = decision.bounds;
      if (rank === null || rank === undefined) return most === undefined;
      const multiple = decision.multiple ?? ofAll;
      const hasMultiple = Math.floor((most ?? greatestRank(own)) / multiple) * multiple >= least;
      const isMultiple = rank % multiple === 0 || (most !== undefined && !hasMultiple);
      return isMultiple && rank >= least && rank <= (most ?? Infinity);
    }
  }
}

describe('decisions about layers', () => {
  it('are kept by every method under one and two budgets, come back by undo, and stand in the document', () => {
    fc.assert(
      fc.property(
        fc.array(anyLayer, { minLength: 1, maxLength: 6 }),
        fc.array(anyAct, { minLength: 1, maxLength: 5 }),
        fc.record({
          target: fc.double({ min: 0.05, max: 1, noNaN: true }),
          cost: fc.constantFrom('macs', 'parameters', 'bytes'),
          multiple: fc.constantFrom(1, 2, 4),
        }),
        fc.option(fc.double({ min: 0.05, max: 1, noNaN: true })),
        (drawn, acts, budget, second) => {
          const other = budget.cost === 'macs' ? 'parameters' : 'macs';
          const asked = { ...budget, second: second === null ? null : { cost: other, share: second } };
          const before = withSettings(stateOf(drawn), asked);
          const states = acts.reduce((all, act) => [...all, acted(all.at(-1)!, act)], [before]);
          const state = withPresentPlans(states.at(-1)!);
          const { settings } = state.document;
          const { layers } = state.network!.summary;
          const plans = Object.entries(state.completed!.plans);
          expect(plans.map(([id]) => id)).toEqual(curveMethods().map(({ id }) => id));
          for (const [id, { plan, recipe }] of plans) {
            for (const own of layers) {
              const decision = decisionOf(settings, own);
              const rank = plan.ranks[own.name];
              expect(
                isKeptTo(decision, rank, own, budget.multiple),
                `${id}: ${own.name} ${rank}, ${decisionText(decision)}`,
              ).toBe(true);
              const choice = recipe.layers[own.name];
              expect(choice?.kind === 'low-rank' ? choice.rank : null).toBe(rank ?? null);
            }
            if (!plan.reached) continue;
            const { problem } = plannerOf(state)!;
            for (const { cost, share } of [plan.budget, ...(plan.others ?? [])])
              expect(plan.costs[cost]!).toBeLessThanOrEqual(share * problem.totals[cost]! * (1 + 1e-12));
          }
          const read = readDocument(documentText(state.document), 'document');
          expect(read.settings).toEqual(settings);
          const history = states.reduce(
            (own, { document }) => noted(own, document.settings),
            historyFrom(before.document.settings),
          );
          const back = undone(history);
          if (!back) return;
          const former = withSettings(state, back.present);
          expect(plansAt(plannerOf(former)!, budget.target)).toBeDefined();
          expect(withSettings(former, redone(back)!.present).document.settings).toEqual(settings);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('leave settings the same objects where they change nothing', () => {
    const state = opened();
    const [a] = network.layers;
    const { limits, overrides } = withLayersFree(state, network.layers.slice(0, 2)).document.settings;
    expect(limits).toBe(state.document.settings.limits);
    expect(overrides).toBe(state.document.settings.overrides);
    const locked = withLayersLocked(state, [a!], () => 4).document.settings;
    expect(locked.overrides).toBe(state.document.settings.overrides);
    expect(locked.limits).toEqual({ a: { least: 4, most: 4 } });
  });

  it('give single layers multiples of their own, which last until ranks are fixed', () => {
    const [a, b] = network.layers;
    const asked = withSettings(opened(), { multiple: 2 });
    const own = withLayersMultiple(
      withLayersBounded(asked, [b!], () => ({ least: 3 })),
      network.layers,
      4,
    );
    const decisions = ({ document: { settings } }: ProjectState) =>
      network.layers.map((layer) => decisionText(decisionOf(settings, layer)));
    // The third is kept by default.
    expect(decisions(own)).toEqual(['multiples of 4', 'rank 3 or more, multiples of 4', 'kept whole']);
    const bounded = withLayersBounded(own, [a!], () => ({ least: 1, most: 6 }));
    expect(decisions(bounded)[0]).toBe('rank 1 to 6, multiples of 4');
    for (const { plan } of Object.values(withPresentPlans(bounded).completed!.plans)) {
      expect(plan.ranks.a).toBe(4);
      expect([4, 8, null]).toContain(plan.ranks.b);
    }
    expect(decisions(withLayersFree(bounded, [a!, b!])).slice(0, 2)).toEqual([
      'multiples of 4',
      'multiples of 4',
    ]);
    const locked = withLayersLocked(bounded, [a!], () => 5);
    expect(locked.document.settings.limits.a).toEqual({ least: 5, most: 5 });
    expect(withLayersMultiple(locked, [a!], 8).document.settings).toEqual(locked.document.settings);
    expect(withLayersMultiple(own, [a!], null).document.settings.limits).toEqual({
      b: { least: 3, multiple: 4 },
    });
  });

  it('include a layer that is kept by default once its rank is said, and hold ranks to what is cheaper', () => {
    const c = network.layers[2]!;
    const state = withLayersLocked(opened(), [c], () => 40);
    expect(decisionOf(state.document.settings, c)).toEqual({ kind: 'locked', rank: 9 });
    expect(plannerOf(state)!.problem.layers.map(({ name }) => name)).toContain('c');
    expect(decisionOf(withLayersWhole(state, [c]).document.settings, c)).toEqual({ kind: 'whole' });
    expect(withLayersWhole(state, [c]).document.settings.overrides).toEqual({});
  });
});
