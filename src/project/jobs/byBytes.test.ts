import { expect, it } from 'vitest';
import { recipeKey, type Recipe } from '../../compression/recipe';
import { storageOf } from '../../compression/steps/quantise';
import { evaluateKind, type EvaluateSpec } from '../../../workers/protocol/evaluate';
import { quantiseKind } from '../../../workers/protocol/quantise';
import { repairKind } from '../../../workers/protocol/repair';
import type { Studio } from '../../../workers/protocol/studio';
import { bytesNote, bytesTargets, bytesTask, lineOfFamily, isOfOriginal } from '../byBytes';
import { bytesWeights } from '../document';
import { measuringBytes } from '../kinds';
import { measurementOf, original } from '../measurements';
import { fakeStudio } from '../testing/fakeStudio';
import { images, opened } from '../testing/states';
import { work } from '../testing/working';
import { withImages, withPreprocessing, withSettings } from '../transitions';

const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
const labels = Int32Array.from({ length: 400 }, (_, index) => index % 2);
const preprocessing = { channels: 'rgb', mean: [0], scale: [1] } as const;
const fresh = withSettings(
  { ...withPreprocessing(withImages(opened(), { ...images, count: 400, labels }), preprocessing), backend },
  { metric: 'energy', method: 'map' },
);

const widths = { float32: 4, float16: 2, int8: 1 } as const;
const storedIn = ({ steps }: Recipe) =>
  storageOf(steps.at(-1)?.settings ?? {})?.weights as keyof typeof widths;
const cutLayers = ({ layers }: Recipe) => Object.keys(layers).length;

/** A studio that answers rightly but for one image in ten for every cut layer, and one in twenty more in int8. */
function studioOf(onRun: (kind: string, recipe: Recipe) => void = () => undefined): Pick<Studio, 'run'> {
  const rest = fakeStudio({ onRun: (kind, task) => onRun(kind, (task as EvaluateSpec['task']).recipe) });
  const run: Studio['run'] = (signal, kind, task, onProgress, onEvent) => {
    const { recipe } = task as EvaluateSpec['task'];
    if (kind.name === quantiseKind.name && recipe.steps.at(-1)!.kind === 'quantise') {
      onRun('quantise', recipe);
      const bytes = widths[storedIn(recipe)] * (1000 - 100 * cutLayers(recipe));
      const report = { rounding: null, range: null, divergence: null, bytes };
      return Promise.resolve({ ok: true, value: report as never });
    }
    if (kind.name !== evaluateKind.name) return rest.run(signal, kind, task, onProgress, onEvent);
    onRun(kind.name, recipe);
    const { indices } = (task as EvaluateSpec['task']).selection;
    const isWrong = (index: number) =>
      index % 10 < cutLayers(recipe) || (storedIn(recipe) === 'int8' && index % 20 === 19);
    const scores = Float32Array.from({ length: 2 * indices.length }, (_, place) => {
      const index = indices[place >> 1]!;
      return Number(place % 2 === (isWrong(index) ? 1 - labels[index]! : labels[index]!));
    });
    const answers = { images: indices.length, classes: 2, scores, kind: 'logits' as const };
    return Promise.resolve({ ok: true, value: answers as never });
  };
  return { run };
}

it('measures the original and plans in every storage, notes them as they come, and goes on where it was stopped', async () => {
  const seen: [string, string][] = [];
  const project = work(
    fresh,
    studioOf((kind, recipe) => seen.push([kind, recipe && recipeKey(recipe)])),
  );
  const { store, supervisor } = project;
  await supervisor.whenIdle();
  const task = bytesTask(store.getState())!;
  expect((await supervisor.ensure(measuringBytes, task)).ok).toBe(true);
  const state = store.getState();
  const note = bytesNote(state, task)!;
  expect(note.isFinished).toBe(true);
  expect(note.points.map(({ target, weights }) => [target, weights])).toEqual(
    bytesTargets.flatMap((target) => bytesWeights.map((weights) => [target, weights])),
  );
  for (const { target, weights, bytes, successes, images: count, kind } of note.points) {
    expect(kind).toBe('top-1');
    const float = note.points.find((own) => own.target === target && own.weights === 'float32')!;
    expect(bytes).toBe((float.bytes * widths[weights]) / 4);
    expect(successes).toBeLessThanOrEqual(float.successes);
    expect(successes === float.successes).toBe(weights !== 'int8');
    expect(count).toBe(measurementOf(state, original(state))!.count);
  }
  // What is stored as it is computed is a plan like any other; what is stored in fewer bits is none.
  const plans = Object.values(state.document.recipes).filter((recipe) => cutLayers(recipe) > 0);
  expect(plans.every(({ steps }) => steps.every(({ kind }) => kind !== 'quantise'))).toBe(true);
  expect(seen.filter(([kind]) => kind === repairKind.name).length).toBeLessThanOrEqual(bytesTargets.length);

  // With the last ones gone, only those are measured again.
  const kept = note.points.slice(0, 4);
  const shorter = {
    ...state.document,
    byBytes: { [task.key]: { ...note, points: kept, isFinished: false } },
  };
  store.setState((own) => ({ ...own, document: shorter }));
  seen.length = 0;
  await supervisor.ensure(measuringBytes, task);
  expect(bytesNote(store.getState(), task)).toEqual(note);
  const again = seen.filter(([kind]) => kind === 'quantise');
  expect(again).toHaveLength(note.points.length - kept.length);
});

it('joins all ways of storing the original, and the plans that no other beats', () => {
  const point = { achieved: 1, kind: 'top-1', images: 100, weights: 'int8' } as const;
  const points = [
    { ...point, target: 0.5, bytes: 10, successes: 70 },
    { ...point, target: 0.7, bytes: 20, successes: 60 },
    { ...point, target: 0.35, bytes: 5, successes: 50 },
  ];
  expect(lineOfFamily(points).map(({ bytes }) => bytes)).toEqual([5, 10]);
  const whole = points.map((own) => ({ ...own, target: 1 }));
  expect(whole.every(isOfOriginal)).toBe(true);
  expect(lineOfFamily(whole).map(({ bytes }) => bytes)).toEqual([5, 10, 20]);
});
