import { installedCodecs } from '../../cli/codecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { originalRecipe, recipeKey, withoutSteps, withStep } from '../../src/compression/recipe';
import { emptyPatch } from '../../src/network/patch';
import { memory } from '../../src/engine/backend';
import { nodeWasmPaths } from '../../src/engine/testing/nodeBackend';
import type { LayerFactors } from '../../src/network/factors';
import { unwrap } from '../../src/network/failure';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { PooledStudio } from '../pool/pooledStudio';
import type { ComputeService } from '../protocol/compute';
import { evaluateKind } from '../protocol/evaluate';
import { exportKind } from '../protocol/export';
import { factoriseLayerKind } from '../protocol/factorise';
import { repairKind, repairOpenKind } from '../protocol/repair';
import { stepKind, type StepRunSpec } from '../protocol/step';
import { sweepKind } from '../protocol/sweep';
import { thumbnailsKind } from '../protocol/thumbnails';
import { runKind, type RunSpec } from '../protocol/kinds';
import { runs } from '../runs';
import { defineRun } from '../runs/run';
import { openTinyWork, type TinyWork } from '../testing/tinyStudio';
import { InThreadCompute } from './computeService';
import { inThreadParser } from './parsing';

const never = new AbortController().signal;
const ignore = () => undefined;
const services: ComputeService[] = [];
const studio = new PooledStudio({
  threads: 2,
  openThread: () => {
    const service = new InThreadCompute(nodeWasmPaths);
    services.push(service);
    return { service, ended: new Promise<void>(ignore), close: ignore };
  },
  openParser: () => inThreadParser(installedCodecs),
});
let work: TinyWork;

beforeAll(async () => {
  unwrap(await studio.start('wasm'));
  work = await openTinyWork(studio, smallResidualNetwork(3), 40);
});
afterAll(() => studio.close());

test('a repair is known to every thread under the key of its recipe, and to none before', async () => {
  const { recipe } = work.repair;
  const { selection } = work.evaluation;
  const task = { recipe, selection };
  expect(await studio.run(never, evaluateKind, task, ignore)).toEqual({
    ok: false,
    failure: { code: 'step-unknown', message: 'That repair is no longer known; repair again.' },
  });
  const repaired = unwrap(await studio.run(never, repairKind, { recipe }, ignore));
  expect(repaired.key).toBe(recipeKey(recipe));
  const direct = services.map((service) => service.run('own', 'evaluate', task, ignore, ignore));
  const [first, second] = (await Promise.all(direct)).map(unwrap);
  expect(first).toEqual(second);
  const truncated = { recipe: withoutSteps(recipe), selection };
  const cut = unwrap(await studio.run(never, evaluateKind, truncated, ignore));
  expect(repaired.isRepaired).toBe(true);
  expect(first).not.toEqual(cut);
});

test('what is released is gone from every thread, and the rest stays', async () => {
  const { evaluation, repair } = work;
  const { network } = evaluation.recipe;
  const own = new PooledStudio({
    threads: 1,
    openThread: () => ({
      service: new InThreadCompute(nodeWasmPaths),
      ended: new Promise<void>(ignore),
      close: ignore,
    }),
    openParser: () => inThreadParser(installedCodecs),
  });
  unwrap(await own.start('wasm'));
  const tiny = await openTinyWork(own, smallResidualNetwork(3), 40);
  unwrap(await own.run(never, repairKind, { recipe: repair.recipe }, ignore));
  const evaluated = () => own.run(never, evaluateKind, tiny.evaluation, ignore);
  expect((await evaluated()).ok).toBe(true);
  own.closeFiles(new Set(['another', tiny.evaluation.selection.images]), new Set([network]));
  expect(await evaluated()).toMatchObject({
    failure: { message: 'The images are no longer open; open them again.' },
  });
  own.closeFiles(new Set([network]), new Set());
  const factorised = { network, layer: tiny.sweep.layers[0]!.name, factorisation: 'spatial' } as const;
  expect(await own.run(never, factoriseLayerKind, factorised, ignore)).toMatchObject({
    failure: { message: 'The network is no longer open; open it again.' },
  });
  const again = await openTinyWork(own, smallResidualNetwork(3), 40);
  expect((await own.run(never, evaluateKind, again.evaluation, ignore)).ok).toBe(true);
  own.close();
});

test('factors reach as far as was asked for, and are made anew where that is not far enough', async () => {
  const { network, layers } = work.evaluation.recipe;
  const [layer, choice] = Object.entries(layers)[0]!;
  if (choice.kind !== 'low-rank') throw new Error(`expected ${layer} to be cut`);
  const upTo = async (rank?: number) => {
    const task = { network, layer, factorisation: choice.factorisation, ...(rank ? { rank } : {}) };
    return unwrap(
      await services[0]!.run('own', factoriseLayerKind.name, task, ignore, ignore),
    ) as LayerFactors;
  };
  const full = await upTo();
  expect(full.rank).toBe(full.singularValues.length);
  expect(await upTo(2)).toBe(full);
  unwrap(await services[0]!.put({ kind: 'factors', network, factors: [{ ...full, rank: 1 }] }));
  expect((await upTo(2)).rank).toBe(2);
  expect((await upTo(1)).rank).toBe(2);
  expect((await upTo()).rank).toBe(full.rank);
});

test('what a recipe says is what is exported', async () => {
  const { recipe } = work.evaluation;
  const request = { recipe, format: 'onnx', metadata: { note: 'kept' }, selection: null } as const;
  const exported = unwrap(await studio.run(never, exportKind, request, ignore));
  const whole = { ...request, recipe: originalRecipe(recipe.network) };
  expect(exported.macs).toBeLessThan(unwrap(await studio.run(never, exportKind, whole, ignore)).macs);
});

test('thumbnails are answered while a sweep runs', async () => {
  const { images } = work.evaluation.selection;
  const events: string[] = [];
  let looked: Promise<unknown> = Promise.resolve();
  const sweep = studio.run(never, sweepKind, { ...work.sweep, refit: null }, ignore, () => {
    if (events.push('point') > 1) return;
    const task = { images, indices: Uint32Array.of(1, 0) };
    looked = studio.run(never, thumbnailsKind, task, ignore).then((outcome) => {
      expect(unwrap(outcome).length).toBe(2 * 12 * 12 * 3);
      events.push('look');
    });
  });
  await sweep;
  await looked;
  expect(events.indexOf('look')).toBeLessThan(events.lastIndexOf('point'));
});

test('work of an unknown kind is refused with a sentence', async () => {
  const outcome = await services[0]!.run('job', 'nonsense', null, ignore, ignore);
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'invalid-request' } });
});

test('work on what is not open, or not of the network, is refused', async () => {
  const { recipe, selection } = work.evaluation;
  const evaluated = (change: Partial<typeof work.evaluation>) =>
    studio.run(never, evaluateKind, { ...work.evaluation, ...change }, ignore);
  const { network } = recipe;
  const factorised = { network, layer: 'lost', factorisation: 'spatial' } as const;
  const unrepaired = { recipe: withoutSteps(recipe) };
  const cases = [
    [evaluated({ recipe: originalRecipe('lost') }), 'The network is no longer open; open it again.'],
    [
      evaluated({ selection: { ...selection, images: 'lost' } }),
      'The images are no longer open; open them again.',
    ],
    [
      studio.run(never, factoriseLayerKind, factorised, ignore),
      "lost: expected a layer of the network, found none of this name; see the layers' list.",
    ],
    [
      services[0]!.run('own', repairOpenKind.name, unrepaired, ignore, ignore),
      'Repair needs a recipe whose one step is a repair, found none; open the plan again.',
    ],
  ] as const;
  for (const [outcome, message] of cases)
    expect(await outcome).toEqual({ ok: false, failure: { code: 'invalid-request', message } });
});

test('a kind that is only listed runs, tells, keeps for its job, and stops', async () => {
  interface ToySpec extends RunSpec {
    readonly task: number;
    readonly event: number;
    readonly result: number;
  }
  const toy = runKind<ToySpec>('toy');
  let disposed = 0;
  runs.add(
    defineRun(toy, async (_context, count, { onEvent, pause, keep }) => {
      keep('resource', () => ({ dispose: () => void disposed++ }));
      for (let step = 0; step < count; step++) {
        onEvent(step);
        await new Promise((resolve) => setTimeout(resolve));
        await pause();
      }
      return count;
    }),
  );
  const told: number[] = [];
  expect(await studio.run(never, toy, 3, ignore, (step) => told.push(step))).toEqual({ ok: true, value: 3 });
  expect(told).toEqual([0, 1, 2]);
  const controller = new AbortController();
  const endless = studio.run(controller.signal, toy, Infinity, ignore, (step) => {
    if (step === 2) controller.abort();
  });
  expect(await endless).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  await expect.poll(() => disposed).toBe(1);
});

test('a step whose run is only listed is taken, and every thread knows its network then', async () => {
  const idle = defineRun(runKind<StepRunSpec<{ settings: unknown }>>('idle'), (context, { recipe }) => {
    context.network(withoutSteps(recipe));
    return { patch: emptyPatch, report: { settings: recipe.steps.at(-1)!.settings } };
  });
  const remove = runs.add(idle);
  const { recipe: cut, selection } = work.evaluation;
  const step = { ...work.repair.recipe.steps[0]!, kind: 'idle', settings: { strength: 2 } };
  const recipe = withStep(cut, step);
  const report = unwrap(await studio.run(never, stepKind, { recipe }, ignore));
  expect(report).toEqual({ key: recipeKey(recipe), settings: { strength: 2 } });
  const direct = (which: typeof recipe) =>
    Promise.all(
      services.map((service) =>
        service.run('own', 'evaluate', { recipe: which, selection }, ignore, ignore).then(unwrap),
      ),
    );
  expect(await direct(recipe)).toEqual(await direct(cut));
  remove();
  expect(await studio.run(never, stepKind, { recipe }, ignore)).toMatchObject({
    failure: { message: 'Expected work of a kind that threads know, found idle; reload the page.' },
  });
  expect(await studio.run(never, stepKind, { recipe: cut }, ignore)).toMatchObject({
    failure: {
      message: 'Expected a recipe with a step to take, found none; choose a plan that is repaired.',
    },
  });
});

test('whatever ran leaves no tensor but those of two compiled networks a thread', async () => {
  const run = () => studio.run(never, evaluateKind, work.evaluation, ignore);
  unwrap(await run());
  const before = memory();
  const controller = new AbortController();
  const cancelled = studio.run(controller.signal, sweepKind, work.sweep, () => controller.abort());
  expect(await cancelled).toMatchObject({ ok: false });
  unwrap(await studio.run(never, sweepKind, work.sweep, ignore));
  unwrap(await studio.run(never, repairKind, work.repair, ignore));
  expect(memory()).toEqual(before);
});
