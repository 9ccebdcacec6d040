import { expect, it } from 'vitest';
import { recipeKey } from '../../compression/recipe';
import { distilKind, type CourseState, type DistilSpec } from '../../../workers/protocol/distil';
import { repairKind } from '../../../workers/protocol/repair';
import type { Studio } from '../../../workers/protocol/studio';
import { forgetful } from '../caches';
import {
  beganDistilling,
  distilledMeasurement,
  distilNoteOf,
  distilPace,
  distilTaskOf,
  presentDistilling,
  stoppedAt,
} from '../distilling';
import { withDistilling } from '../foundTransitions';
import { distilling } from '../kinds';
import { paceKey } from '../repairs';
import type { ProjectState } from '../state';
import { hurriedClock } from '../testing/clocks';
import { fakeStudio } from '../testing/fakeStudio';
import { images, ready } from '../testing/states';
import { work } from '../testing/working';
import { withImages, withPreprocessing, withSettings } from '../transitions';
import { courseName } from './distil';

const epochs = 4;
const prepared = withSettings(
  withPreprocessing(withImages(ready(0.3), { ...images, count: 80, labels: null }), {
    channels: 'rgb',
    mean: [0],
    scale: [1],
  }),
  { metric: 'energy', epochs, pair: ['map', 'map'], target: 0.3 },
);
const asked: ProjectState = withDistilling(prepared, beganDistilling(distilTaskOf(prepared)!));

/** Where a course stands behind some epochs, each of them closer than the one before. */
function courseBehind(done: number): CourseState {
  const records = Array.from({ length: done + 1 }, (_, epoch) => ({
    ...{ epoch, divergence: 1 / (1 + epoch), agreement: 0.5 },
    loss: epoch === 0 ? null : 1,
  }));
  const none = new Float32Array(2);
  return {
    weights: none,
    averaged: none,
    optimiser: { steps: done, first: none, second: none },
    answers: new Float32Array(0),
    records,
    before: Float64Array.of(1, 1),
    best: { epoch: done, weights: none, divergences: Float64Array.of(0, 0) },
  };
}

/** A studio that distils in no time; one that dies stops behind an epoch and answers nothing. */
function distillingStudio(diesBehind = Infinity) {
  const begun: DistilSpec['task'][] = [];
  const kinds: string[] = [];
  const fake = fakeStudio({ onRun: (kind) => kinds.push(kind) });
  const run: Studio['run'] = (signal, kind, task, onProgress, onEvent) => {
    const own = task as DistilSpec['task'];
    // Every step is of the same kind of run.
    const isStep = kind.name === distilKind.name && own.recipe.steps.at(-1)?.kind === 'distil';
    if (!isStep) return fake.run(signal, kind, task, onProgress, onEvent);
    begun.push(own);
    const { stop } = own.recipe.steps.at(-1)!.settings;
    const last = stop === 0 ? epochs : Number(stop);
    const from = own.resume?.records.length ?? 0;
    for (let done = from; done <= Math.min(last, diesBehind); done++) onEvent?.(courseBehind(done));
    if (last > diesBehind) return new Promise(() => undefined);
    const { records } = courseBehind(last);
    const report = { isDistilled: true, best: last, epochs: records, images: { trained: 16, heldBack: 4 } };
    return Promise.resolve({ ok: true, value: { ...report, key: recipeKey(own.recipe) } });
  };
  return { studio: { run }, begun, kinds };
}

function remembering() {
  const kept = new Map<string, CourseState>();
  return {
    ...forgetful,
    loadCourse: (name: string) => Promise.resolve(kept.get(name) ?? null),
    saveCourse: (name: string, state: CourseState) => Promise.resolve(Boolean(kept.set(name, state))),
  };
}

const cutOf = (state: ProjectState) => state.completed!.plans.map!.recipe;

it('what was asked for is repaired, distilled, measured and then done', async () => {
  const { studio, begun, kinds } = distillingStudio();
  const { store, supervisor } = work(asked, studio, hurriedClock(), remembering());
  await supervisor.whenIdle();
  const state = store.getState();
  expect(begun).toHaveLength(1);
  expect(kinds).toContain(repairKind.name);
  expect(presentDistilling(state)).toBeNull();
  const note = distilNoteOf(state, cutOf(state))!;
  expect(note).toMatchObject({ best: 4, epochs: courseBehind(4).records });
  expect(distilledMeasurement(state, cutOf(state))?.recipe).toBe(recipeKey(note.recipe));
  expect(state.heldRepairs[recipeKey(note.recipe)]).toBe(true);
  expect(distilPace.of(state, paceKey(state))).toBeGreaterThan(0);
});

it('a later session goes on behind the last epoch, and nothing is trained beyond where somebody stopped it', async () => {
  const caches = remembering();
  const dying = distillingStudio(2);
  const first = work(asked, dying.studio, hurriedClock(), caches);
  const note = await new Promise<NonNullable<ReturnType<typeof presentDistilling>>>((resolve) => {
    first.store.subscribe((state) => {
      const present = presentDistilling(state);
      if (present?.epochs.length === 3) resolve(present);
    });
  });
  first.supervisor.pause(distilling);
  first.supervisor.close();
  expect(await caches.loadCourse(courseName(note.recipe))).toEqual(courseBehind(2));

  const document = withDistilling(asked, note).document;
  const later = distillingStudio();
  const second = work({ ...asked, document }, later.studio, hurriedClock(), caches);
  await second.supervisor.whenIdle();
  expect(later.begun.map(({ resume }) => resume?.records.length)).toEqual([3]);
  expect(distilNoteOf(second.store.getState(), cutOf(asked))?.best).toBe(4);

  // Behind the second epoch, of a course that has come to the fourth by now: it is another training.
  for (const [stop, resumed] of [
    [4, 5],
    [2, undefined],
  ] as const) {
    const stopped = { ...note, recipe: stoppedAt(note.recipe, stop) };
    const third = distillingStudio();
    const { store, supervisor } = work(
      withDistilling(prepared, stopped),
      third.studio,
      hurriedClock(),
      caches,
    );
    await supervisor.whenIdle();
    expect(third.begun.map(({ resume }) => resume?.records.length)).toEqual([resumed]);
    expect(distilNoteOf(store.getState(), cutOf(prepared))?.best).toBe(stop);
  }
});
