import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNodeStudio } from '../../cli/threads';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import { unwrap } from '../../src/network/failure';
import { seededNumbers, smallResidualNetwork } from '../../src/network/testing/builders';
import { evaluateKind } from '../protocol/evaluate';
import { factoriseKind } from '../protocol/factorise';
import type { RunKind, RunSpec } from '../protocol/kinds';
import type { Progress } from '../protocol/progress';
import { raceKind } from '../protocol/race';
import { repairKind } from '../protocol/repair';
import { sweepKind } from '../protocol/sweep';
import { openTinyWork, type TinyWork } from '../testing/tinyStudio';
import { isToday } from '../../scripts/ofToday';

const never = new AbortController().signal;
const seeds = [11, 23, 37, 41, 53, 67, 71, 83, 97, 101];
const moreSeeds = [...seeds, 103, 109, 113, 127, 131, 137, 139, 149, 151, 157];

/** The compute threads that live and have answered: one that dies while it starts is given up at its third try. */
const alive = new Set<Worker>();
const notes: string[] = [];
const studio = createNodeStudio({
  threads: 2,
  onThread: (worker) => {
    worker.once('message', () => alive.add(worker));
    worker.on('exit', () => alive.delete(worker));
  },
  onNote: (sentence) => notes.push(sentence),
});
let work: TinyWork;

beforeAll(async () => {
  unwrap(await studio.start('wasm'));
  work = await openTinyWork(studio, smallResidualNetwork(3), 60);
});
afterAll(() => studio.close());

/** Runs a job and calls back at one of its reports. Answers its result and all reports. */
async function runWith<S extends RunSpec>(
  kind: RunKind<S>,
  task: S['task'],
  moment: number,
  strike: () => void,
): Promise<{ readonly result: S['result']; readonly reports: readonly Progress[] }> {
  const reports: Progress[] = [];
  const outcome = await studio.run(never, kind, task, (progress) => {
    if (reports.push(progress) === moment) strike();
  });
  return { result: unwrap(outcome), reports };
}

/** Ends one of the threads. */
function killOne(seed: number): void {
  const workers = [...alive];
  void workers[seed % workers.length]?.terminate();
}

const ordered = (points: readonly MeasuredPoint[]) =>
  points.toSorted((a, b) => a.layer.localeCompare(b.layer) || a.rank - b.rank);

describe('a thread that is killed at any moment changes no result', () => {
  async function atSeededMoments<S extends RunSpec>(
    kind: RunKind<S>,
    task: S['task'],
    strike: (seed: number) => void,
    essence: (result: S['result']) => unknown = (result) => result,
    all: readonly number[] = seeds,
  ) {
    const undisturbed = await runWith(kind, task, 0, () => undefined);
    const expected = essence(undisturbed.result);
    const runs: { moment: number; reports: readonly Progress[] }[] = [];
    for (const seed of all) {
      const moment = seededNumbers(seed).whole(1, undisturbed.reports.length);
      const { result, reports } = await runWith(kind, task, moment, () => strike(seed));
      expect(essence(result), `seed ${seed}, report ${moment}`).toEqual(expected);
      runs.push({ moment, reports });
    }
    expect(notes).toEqual([]);
    return runs;
  }

  test.runIf(isToday(2, 3))('in a sweep of re-fitted layers, at twenty moments', async () => {
    await atSeededMoments(sweepKind, work.sweep, killOne, ordered, moreSeeds);
  });

  test.runIf(isToday(0, 3))('in a race', async () => {
    await atSeededMoments(raceKind, work.race, killOne);
  });

  test('in an evaluation', async () => {
    await atSeededMoments(evaluateKind, work.evaluation, killOne);
  });

  test.runIf(isToday(1, 3))(
    'in a repair, which goes on behind its last layer though all threads are killed',
    async () => {
      const killAll = () => alive.forEach((worker) => void worker.terminate());
      const runs = await atSeededMoments(repairKind, work.repair, killAll);
      for (const { moment, reports } of runs) {
        const [before, after] = [reports[moment - 1]!, reports[moment]];
        if (after) expect(after.done).toBeGreaterThanOrEqual(before.done);
      }
      // What the repair has made is known to threads that came later.
      const { recipe } = work.repair;
      const task = { recipe, selection: work.evaluation.selection };
      const { result } = await runWith(evaluateKind, task, 0, () => undefined);
      killAll();
      expect(await runWith(evaluateKind, task, 0, () => undefined)).toMatchObject({ result });
    },
  );

  test('in a factorisation', async () => {
    const { network, layers } = work.sweep;
    const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
    const told: string[] = [];
    const onEvent = ({ layer }: { layer: string }) => told.push(layer);
    const task = { network, layers: wanted };
    unwrap(await studio.run(never, factoriseKind, task, () => killOne(1), onEvent));
    expect(told.toSorted()).toEqual(layers.map(({ name }) => name).toSorted());
  });
});

test('a cancellation settles at once while threads are being replaced', async () => {
  const controller = new AbortController();
  const outcome = studio.run(controller.signal, sweepKind, work.sweep, ({ done }) => {
    if (done < 1) return;
    for (const worker of alive) void worker.terminate();
    setTimeout(() => controller.abort());
  });
  expect(await outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  // The threads come back, and nothing of the sweep is left in their way.
  expect((await runWith(evaluateKind, work.evaluation, 0, () => undefined)).result.images).toBe(60);
});

test('a studio that is closed settles what runs and what waits', async () => {
  const ignore = () => undefined;
  const running = new Promise<void>((started) => {
    void started;
    void studio.run(never, evaluateKind, work.evaluation, () => started()).then(ignore);
  });
  const waiting = [1, 2, 3, 4].map(() => studio.run(never, repairKind, work.repair, ignore));
  await running;
  studio.close();
  for (const outcome of await Promise.all(waiting)) {
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  }
  expect(await studio.run(never, evaluateKind, work.evaluation, ignore)).toMatchObject({
    ok: false,
    failure: { code: 'cancelled' },
  });
});
