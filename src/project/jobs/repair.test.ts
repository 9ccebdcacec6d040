import { expect, it } from 'vitest';
import { repairKind } from '../../../workers/protocol/repair';
import { adoptPatchKind } from '../../../workers/protocol/patches';
import { forgetful, type KeptRepair } from '../caches';
import { repairedMeasurement } from '../measurements';
import { repairOf, repairTaskOf } from '../repairs';
import { hurriedClock } from '../testing/clocks';
import { fakeStudio } from '../testing/fakeStudio';
import { images, opened } from '../testing/states';
import { work } from '../testing/working';
import { withImages, withPreprocessing, withSettings } from '../transitions';
import { repairName } from './repair';

const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
const withFiles = withImages(opened(), { ...images, count: 80, labels: null });
const fresh = withSettings(
  { ...withPreprocessing(withFiles, { channels: 'rgb', mean: [0], scale: [1] }), backend },
  { metric: 'energy' },
);

it('what a repair made is kept, and a later session puts it to its threads instead of repairing again', async () => {
  const kept = new Map<string, KeptRepair>();
  const caches = {
    ...forgetful,
    loadRepair: (name: string) => Promise.resolve(kept.get(name) ?? null),
    saveRepair: (name: string, own: KeptRepair) => Promise.resolve(Boolean(kept.set(name, own))),
  };
  const session = async () => {
    const kinds: string[] = [];
    const studio = fakeStudio({ onRun: (kind) => kinds.push(kind) });
    const { store, supervisor } = work(fresh, studio, hurriedClock(), caches);
    await supervisor.whenIdle();
    const state = store.getState();
    const { recipe } = state.completed!.plans.map!;
    const task = repairTaskOf(state, 'map')!;
    const count = (name: string) => kinds.filter((kind) => kind === name).length;
    return {
      names: [...kept.keys()],
      own: repairName(task.recipe),
      note: repairOf(state, recipe),
      measurement: repairedMeasurement(state, recipe),
      isHeld: state.heldRepairs[task.key],
      repairs: count(repairKind.name),
      adopted: count(adoptPatchKind.name),
    };
  };
  const first = await session();
  expect(first.repairs).toBeGreaterThan(0);
  expect(first.names).toContain(first.own);
  expect([first.adopted, first.isHeld]).toEqual([0, true]);
  const second = await session();
  expect(second).toEqual({ ...first, repairs: 0, adopted: first.repairs });
  expect(second.measurement).not.toBeNull();
});
