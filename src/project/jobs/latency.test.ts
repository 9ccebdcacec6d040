import { expect, it } from 'vitest';
import { recipeKey } from '../../compression/recipe';
import { latencyKind, type LatencySpec } from '../../../workers/protocol/latency';
import { latencyOf } from '../latencies';
import { fakeStudio } from '../testing/fakeStudio';
import { images, opened } from '../testing/states';
import { work } from '../testing/working';
import { withImages, withPreprocessing, withSettings, withTarget } from '../transitions';

const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
const fresh = withSettings(
  {
    ...withPreprocessing(withImages(opened(), { ...images, count: 80, labels: null }), {
      channels: 'rgb',
      mean: [0],
      scale: [1],
    }),
    backend,
  },
  { metric: 'energy' },
);

it('times each plan once beside the original, and again where the slider comes back to it not at all', async () => {
  const tasks: LatencySpec['task'][] = [];
  const studio = fakeStudio({
    onRun: (kind, task) => {
      if (kind === latencyKind.name) tasks.push(task as LatencySpec['task']);
    },
  });
  const { supervisor, store } = work(fresh, studio);
  await supervisor.whenIdle();
  const planned = Object.values(store.getState().completed!.plans).filter(({ isOriginal }) => !isOriginal);
  const keys = new Set(planned.map(({ recipe }) => recipeKey(recipe)));
  expect(new Set(tasks.map(({ recipes }) => recipeKey(recipes[1]!)))).toEqual(keys);
  expect(tasks).toHaveLength(keys.size);
  expect(tasks.every(({ recipes }) => Object.keys(recipes[0]!.layers).length === 0)).toBe(true);
  for (const { recipe } of planned) {
    const report = latencyOf(store.getState(), recipe);
    expect(report?.batches.map(({ timings }) => timings[1]!.speedUp.median)).toEqual([2, 2]);
  }
  const done = tasks.length;
  store.setState((state) => withTarget(state, 0.3));
  await supervisor.whenIdle();
  expect(tasks.length).toBeGreaterThan(done);
  const more = tasks.length;
  store.setState((state) => withTarget(state, 0.5));
  await supervisor.whenIdle();
  expect(tasks.length).toBe(more);
});

it('times nothing while the layers’ curves are unfinished, and no plan that cuts nothing', async () => {
  const kinds: string[] = [];
  const unfinished = { ...withSettings(fresh, { metric: 'divergence' }), paused: { sweep: true } };
  const halted = work(unfinished, fakeStudio({ onRun: (kind) => kinds.push(kind) }));
  await halted.supervisor.whenIdle();
  expect(kinds).not.toContain(latencyKind.name);
  const { supervisor } = work(withTarget(fresh, 1), fakeStudio({ onRun: (kind) => kinds.push(kind) }));
  await supervisor.whenIdle();
  expect(kinds).not.toContain(latencyKind.name);
});
