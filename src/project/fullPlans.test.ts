import { describe, expect, it } from 'vitest';
import { plansRun } from '../../workers/runs/plans';
import type { Studio } from '../../workers/protocol/studio';
import type { Curve } from '../enc/curve';
import { outcomeOf } from '../network/failure';
import { forgetful } from './caches';
import { fullPlans } from './jobs/fullPlans';
import { withPresentPlans } from './presentPlans';
import { initialProject, type ProjectState } from './state';
import { layer, network, ready } from './testing/states';
import { withCurves, withNetwork, withSettings } from './transitions';

/** Layers that gain in step with what they cost, of which a search can leave nothing out. */
function deep(count: number, plansInFrames: boolean): ProjectState {
  const rankMax = 64;
  const layers = Array.from({ length: count }, (_, index) => {
    const macsPerRank = 1000 + ((index * 7919) % 9001);
    return layer(`layer ${index}`, { macsPerRank, macs: macsPerRank * (rankMax + 1), rankMax, rankFull: 65 });
  });
  const macs = layers.reduce((sum, own) => sum + own.macs, 0);
  const curves = layers.map(({ name, macsPerRank }): Curve => {
    const quality = Float64Array.from({ length: rankMax }, (_, index) =>
      Math.exp(1e-8 * macsPerRank * (index - rankMax)),
    );
    return { layer: name, metric: 'energy', quality };
  });
  const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 1 } as const;
  const opened = withNetwork({ ...initialProject, backend, plansInFrames }, 'deep', {
    ...{ ...network, layers, macs, parameters: 100 * count },
  });
  const state = withCurves(opened, network.fingerprint, curves);
  return withPresentPlans(withSettings(state, { searchesAll: true, target: 0.7 }));
}

/** What a thread makes of a task, which goes there as a copy. */
const studio: Pick<Studio, 'run'> = {
  run: (_signal, _kind, task) =>
    outcomeOf(() =>
      Promise.resolve(plansRun.run(null as never, structuredClone(task) as never, null as never)),
    ) as never,
};

async function searched(state: ProjectState): Promise<ProjectState> {
  let present = state;
  const update = (change: (state: ProjectState) => ProjectState) => void (present = change(present));
  const [task] = fullPlans.wanted(state);
  const outcome = await fullPlans.run(task!, {
    ...{ studio: studio as Studio, caches: forgetful, signal: new AbortController().signal },
    ...{ onProgress: () => undefined, getState: () => present, update, record: update },
  });
  expect(outcome.ok).toBe(true);
  return present;
}

describe('plans that a frame has too little time for', () => {
  it('are there at once, near the best, and are searched for in full in a thread', async () => {
    const whole = deep(300, false).completed!.plans.model!;
    const hasty = deep(300, true);
    const early = hasty.completed!.plans.model!;
    expect(early.plan.gap).toBeGreaterThan(0);
    expect(early.plan.costs.macs).toBeLessThanOrEqual(0.7 * hasty.network!.summary.macs);
    const full = await searched(hasty);
    expect(full.completed!.plans.model!.plan).toEqual(whole.plan);
    expect(full.completed!.plans.model!.recipe).toEqual(whole.recipe);
    expect(full.completed!.plans.model!.predicted).toBeGreaterThanOrEqual(early.predicted!);
    // It is not asked for again, until another target is.
    expect(fullPlans.wanted(full)).toEqual([]);
    const moved = withPresentPlans(withSettings(full, { target: 0.6 }));
    expect(moved.completed!.plans.model!.plan.gap).toBeGreaterThan(0);
    expect(fullPlans.wanted(moved)).toHaveLength(1);
  });

  it('are none where every search ended, and where nobody waits for frames', () => {
    expect(fullPlans.wanted(withPresentPlans({ ...ready(0.5), plansInFrames: true }))).toEqual([]);
    expect(fullPlans.wanted(deep(300, false))).toEqual([]);
  });
});
