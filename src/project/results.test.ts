import { expect, it } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { PooledStudio } from '../../workers/pool/pooledStudio';
import { runKind, type RunSpec } from '../../workers/protocol/kinds';
import { runs } from '../../workers/runs';
import { defineRun } from '../../workers/runs/run';
import { InThreadCompute } from '../../workers/service/computeService';
import { inThreadParser } from '../../workers/service/parsing';
import { randomPictures } from '../../workers/testing/tinyStudio';
import { nodeWasmPaths } from '../engine/testing/nodeBackend';
import { unwrap } from '../network/failure';
import type { BackgroundJob } from './background';
import { backgroundJobs } from './jobs';
import { createJobRunner } from './jobRunner';
import { statusOf } from './jobStatus';
import { resultsOf } from './results';
import { createProjectStore, initialProject } from './state';
import { supervise } from './supervisor';
import { forgetful } from './caches';

interface BrightnessSpec extends RunSpec {
  readonly task: { readonly images: string };
  readonly event: never;
  readonly result: number;
}

const kind = runKind<BrightnessSpec>('brightness', 'background');

const brightnessRun = defineRun(kind, (context, { images }, { onProgress }) => {
  const { pixels, count } = context.images(images);
  onProgress({ stage: 'evaluating', done: count, total: count, unit: 'images' });
  return Array.from(pixels).reduce((sum, value) => sum + value, 0) / pixels.length;
});

const brightness = resultsOf<number>('brightness');

const brightnessJob: BackgroundJob = {
  kind: 'brightness',
  label: 'The images’ brightness',
  lane: 'background',
  order: 20,
  rest: () => 0,
  wanted: (state) => {
    const key = state.images?.fingerprint;
    return key !== undefined && brightness.of(state, key) === undefined ? [{ key }] : [];
  },
  title: () => 'Measuring the images’ brightness',
  async run({ key }, { studio, signal, onProgress, update }) {
    const outcome = await studio.run(signal, kind, { images: key }, onProgress);
    if (outcome.ok) update((state) => brightness.put(state, key, outcome.value));
    return outcome;
  },
};

it('a job and its run that are only listed are started, shown, and keep what they find', async () => {
  const studio = new PooledStudio({
    threads: 1,
    openThread: () => ({
      service: new InThreadCompute(nodeWasmPaths),
      ended: new Promise<void>(() => undefined),
      close: () => undefined,
    }),
    openParser: () => inThreadParser(installedCodecs),
  });
  const remove = [runs.add(brightnessRun), backgroundJobs.add({ ...brightnessJob, id: brightnessJob.kind })];
  unwrap(await studio.start('wasm'));
  const opened = await studio.openImages(new AbortController().signal, [randomPictures(20, 12, 12)]);
  const store = createProjectStore({ ...initialProject, images: unwrap(opened) });
  const key = store.getState().images!.fingerprint;
  const seen: unknown[] = [];
  store.subscribe(({ jobs }) => seen.push(statusOf(jobs, 'brightness', key)));
  const runner = createJobRunner(store, (apply) => apply);
  const supervisor = supervise({ store, studio, caches: forgetful, runner, jobs: () => backgroundJobs.all });
  await supervisor.whenIdle();
  expect(brightness.of(store.getState(), key)).toBeCloseTo(126.3, 1);
  expect(resultsOf('other').of(store.getState(), key)).toBeUndefined();
  expect(seen).toContainEqual(
    expect.objectContaining({
      title: 'Measuring the images’ brightness',
      progress: { stage: 'evaluating', done: 20, total: 20, unit: 'images' },
    }),
  );
  expect(statusOf(store.getState().jobs, 'brightness', key)).toBeUndefined();
  supervisor.close();
  studio.close();
  for (const take of remove) take();
});
