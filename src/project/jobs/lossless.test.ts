import { expect, it } from 'vitest';
import { recipeKey, type Recipe } from '../../compression/recipe';
import { evaluateKind, type EvaluateSpec } from '../../../workers/protocol/evaluate';
import { repairKind } from '../../../workers/protocol/repair';
import type { Studio } from '../../../workers/protocol/studio';
import { imageParts } from '../images';
import { searchingLossless } from '../kinds';
import { losslessNote, losslessTargets, losslessTask, losslessText, smallestTrial } from '../lossless';
import { measurementOf, presentRepair, repairedRecipe } from '../measurements';
import { plannerOf } from '../planning';
import { plansOf } from '../plans';
import type { ProjectState } from '../state';
import { fakeStudio } from '../testing/fakeStudio';
import { images, network, opened } from '../testing/states';
import { work } from '../testing/working';
import { withImages, withPreprocessing, withSettings } from '../transitions';

const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
const labels = Int32Array.from({ length: 400 }, (_, index) => index % 2);
const fresh = withSettings(
  {
    ...withPreprocessing(withImages(opened(), { ...images, count: labels.length, labels }), {
      channels: 'rgb',
      mean: [0],
      scale: [1],
    }),
    backend,
  },
  { metric: 'energy', method: 'map' },
);

/** MACs of a recipe on the tests' network, a share of the original's. */
function shareOf({ layers }: Recipe): number {
  const ranks = Object.values(layers).map((choice) => (choice.kind === 'low-rank' ? choice.rank : 10));
  const whole = network.layers.length - ranks.length;
  return (whole * 1000 + ranks.reduce((sum, rank) => sum + 100 * rank, 0)) / network.macs;
}

/**
 * A studio whose networks answer rightly as long as they cost at least a share of the original, and every tenth image
 * wrongly below.
 */
function honestTo(share: number, onRun: (kind: string, task: unknown) => void = () => undefined) {
  const rest = fakeStudio({ onRun });
  const run: Studio['run'] = (signal, kind, task, onProgress, onEvent) => {
    if (kind.name !== evaluateKind.name) return rest.run(signal, kind, task, onProgress, onEvent);
    onRun(kind.name, task);
    if (signal.aborted) return Promise.resolve({ ok: false, failure: { code: 'cancelled', message: '' } });
    const { recipe, selection } = task as EvaluateSpec['task'];
    const isWorse = shareOf(recipe) < share;
    const answerTo = (index: number) => (isWorse && index % 10 === 0 ? 1 - labels[index]! : labels[index]!);
    const scores = Float32Array.from({ length: 2 * selection.indices.length }, (_, place) =>
      Number(place % 2 === answerTo(selection.indices[place >> 1]!)),
    );
    const answers = { images: selection.indices.length, classes: 2, scores, kind: 'logits' as const };
    return Promise.resolve({ ok: true, value: answers as never });
  };
  return { run };
}

async function begun(studio: Pick<Studio, 'run'>, initial: ProjectState = fresh) {
  const project = work(initial, studio);
  await project.supervisor.whenIdle();
  return project;
}

/** The smallest target whose plan costs at least a share, found by trying every one. */
function smallestByTrying(state: ProjectState, share: number): number | undefined {
  const planner = plannerOf(state)!;
  return losslessTargets.find((target) => shareOf(plansOf(planner, 'map', target, 1)[0]!.recipe) >= share);
}

it('finds the smallest plan without loss on the selection images, repaired, and looks at the report images once', async () => {
  const seen: { recipe: string; indices: string }[] = [];
  const studio = honestTo(0.62, (kind, task) => {
    const { recipe, selection } = task as EvaluateSpec['task'];
    if (kind === evaluateKind.name)
      seen.push({ recipe: recipeKey(recipe), indices: [...selection.indices].sort().join() });
  });
  const { store, supervisor } = await begun(studio);
  const task = losslessTask(store.getState())!;
  seen.length = 0;
  const outcome = await supervisor.ensure(searchingLossless, task);
  expect(outcome.ok).toBe(true);
  const state = store.getState();
  const note = losslessNote(state, task)!;
  const found = smallestTrial(note)!;
  expect(found.target).toBe(smallestByTrying(state, 0.62));
  expect(note.isFinished).toBe(true);
  expect(note.confirmed).toEqual({
    onlyOriginal: 0,
    onlyPlan: 0,
    images: imageParts(state)!.report.indices.length,
  });
  expect(losslessText(note, task.level)).toMatch(
    /^ENC-Map at \d+\u00a0% .* The report images show none either/,
  );
  const report = [...imageParts(state)!.report.indices].sort().join();
  expect(seen.filter(({ indices }) => indices === report).length).toBeLessThanOrEqual(1);
  expect(presentRepair(state)).not.toBeNull();
  expect(state.document.recipes[found.recipe]!.steps).toEqual([presentRepair(state)]);
  expect(measurementOf(state, state.document.recipes[found.recipe]!)).not.toBeNull();

  // Asked again it finds everything again; the slider's own plan at that target is the same network.
  seen.length = 0;
  await supervisor.ensure(searchingLossless, task);
  expect(seen).toEqual([]);
  expect(losslessNote(store.getState(), task)).toEqual(note);
  const planned = plansOf(plannerOf(state)!, 'map', found.target, 1)[0]!;
  expect(recipeKey(repairedRecipe(state, planned.recipe)!)).toBe(found.recipe);
});

it('says so where every smaller network loses, and where the report images show a loss that the others did not', async () => {
  const { store, supervisor } = await begun(honestTo(0.99));
  const task = losslessTask(store.getState())!;
  await supervisor.ensure(searchingLossless, task);
  const note = losslessNote(store.getState(), task)!;
  expect([smallestTrial(note), note.confirmed, note.isFinished]).toEqual([null, null, true]);
  expect(losslessText(note, 0.05)).toContain('loses accuracy on the selection images at every target');
  const unlucky = {
    ...note,
    trials: [{ ...note.trials[0]!, isLossless: true }],
    confirmed: { onlyOriginal: 29, onlyPlan: 14, images: 1560 },
  };
  expect(losslessText(unlucky, 0.05)).toContain(
    'but the report images show one: 29 images right by the original alone, 14 by the plan alone, of 1,560 (p = 0.016',
  );
});

it('stops at once when it is cancelled, keeps what it has found, and goes on from there', async () => {
  let repairs = 0;
  let stop: () => void = () => undefined;
  const studio = honestTo(0.62, (kind) => {
    if (kind !== repairKind.name) return;
    repairs++;
    stop();
  });
  const { store, supervisor, runner } = await begun(studio);
  const task = losslessTask(store.getState())!;
  repairs = 0;
  stop = () => repairs === 3 && runner.cancel({ kind: searchingLossless, key: task.key }, 'person');
  const outcome = await supervisor.ensure(searchingLossless, task);
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  const half = losslessNote(store.getState(), task)!;
  expect(half.isFinished).toBe(false);
  expect(half.trials.length).toBeGreaterThan(0);
  const before = repairs;
  supervisor.retry({ kind: searchingLossless, key: task.key });
  await supervisor.ensure(searchingLossless, task);
  const whole = losslessNote(store.getState(), task)!;
  expect(whole.isFinished).toBe(true);
  expect(whole.trials.slice(0, half.trials.length)).toEqual(half.trials);
  expect(repairs - before).toBeLessThan(whole.trials.length);
});

it('is not offered before there is anything to compare on', () => {
  expect(losslessTask(opened())).toBeNull();
});
