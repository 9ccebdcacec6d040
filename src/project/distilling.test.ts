import { expect, it } from 'vitest';
import { recipeKey } from '../compression/recipe';
import { defaultDistil } from '../compression/steps/distil';
import { readDocument, documentText } from './documentText';
import {
  beganDistilling,
  distilledMeasurement,
  distilNoteOf,
  distilObstacle,
  distilPace,
  distilSeconds,
  distilTaskOf,
  distilText,
  distilWork,
  epochsOf,
  finalRecipe,
  mirrors,
  presentDistilling,
  stoppedAt,
  taskOfNote,
} from './distilling';
import type { DistilNote } from './document';
import { withDistilling, withoutDistilling } from './foundTransitions';
import { repairedRecipe } from './measurements';
import { paceKey } from './repairs';
import type { ProjectState } from './state';
import { withMeasured } from './testing/measuredStates';
import { images, ready } from './testing/states';
import { withImages, withPreprocessing, withSettings } from './transitions';

const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
const open = (channels = 3): ProjectState => ({
  ...withPreprocessing(withImages(ready(0.3), { ...images, count: 80, channels, labels: null }), {
    channels: 'rgb',
    mean: [0],
    scale: [1],
  }),
  backend,
});
const cutOf = (state: ProjectState) => state.completed!.plans.map!.recipe;
const epoch = (number: number, divergence: number) => ({
  ...{ epoch: number, divergence, agreement: 0.9 },
  loss: number === 0 ? null : 0.2,
});
const epochs = [epoch(0, 0.2), epoch(1, 0.1), epoch(2, 0.15)];

it('distils the chosen plan behind its repair, as the settings say', () => {
  const state = withSettings(open(), { epochs: 7 });
  const task = distilTaskOf(state)!;
  expect(task.recipe.steps.map(({ kind }) => kind)).toEqual(['repair', 'distil']);
  expect(task.recipe.steps[1]!.settings).toMatchObject({ epochs: 7, stop: 0, flip: true });
  expect(task.recipe.steps[1]!.images).toEqual(task.recipe.steps[0]!.images);
  expect(distilObstacle(state)).toBeNull();
  // Letters and digits are grey; a person may know better.
  expect([mirrors(open(1)), mirrors(withSettings(open(1), { mirror: true }))]).toEqual([false, true]);
  const off = withSettings(state, { isRepairing: false });
  expect(distilTaskOf(off)).toBeNull();
  expect(distilObstacle(off)).toContain('switch repair on');
});

it('one that was asked for goes on until it ended, also from a document that was read again', () => {
  const state = open();
  const note = { ...beganDistilling(distilTaskOf(state)!), epochs };
  const asked = withDistilling(state, note);
  expect(presentDistilling(asked)).toBe(note);
  expect(distilNoteOf(asked, cutOf(asked))).toBeNull();
  const read = { ...asked, document: readDocument(documentText(asked.document), 'a file') };
  expect(presentDistilling(read)).toEqual(note);
  expect(taskOfNote(presentDistilling(read)!).key).toBe(distilTaskOf(state)!.key);
  // Without its images, or for another network, it stands still.
  expect(presentDistilling({ ...asked, images: null })).toBeNull();
  expect(presentDistilling({ ...asked, network: null })).toBeNull();
  expect(presentDistilling(withoutDistilling(asked, recipeKey(note.recipe)))).toBeNull();
});

it('the last one that ended counts, where it came closer', () => {
  const state = open();
  const cut = cutOf(state);
  const first = { ...beganDistilling(distilTaskOf(state)!), epochs, best: 1 };
  const stopped: DistilNote = { ...first, recipe: stoppedAt(first.recipe, 2), best: 2 };
  expect(epochsOf(first)).toEqual({ done: 2, total: defaultDistil.epochs });
  expect(epochsOf(stopped)).toEqual({ done: 2, total: 2 });
  expect(recipeKey(stoppedAt(stopped.recipe, 0))).toBe(recipeKey(first.recipe));
  const both = withDistilling(withDistilling(state, first), stopped);
  expect(finalRecipe(both, cut)).toBe(stopped.recipe);
  // Asked for anew it is the last one again.
  const again = withDistilling(withDistilling(both, { ...first, best: null }), first);
  expect(distilNoteOf(again, cut)).toBe(first);
  const noCloser = withDistilling(state, { ...first, best: 0 });
  expect(finalRecipe(noCloser, cut)).toBe(repairedRecipe(state, cut));
  expect(distilledMeasurement(noCloser, cut)).toBeNull();
  const measured = withMeasured(withDistilling(state, first), first.recipe, { count: 40 });
  expect(distilledMeasurement(measured, cut)).toMatchObject({ recipe: recipeKey(first.recipe), count: 40 });
});

it('says what it costs at the pace that was measured, and how it stands', () => {
  const state = open();
  expect(distilSeconds(state)).toBeNull();
  const { macs } = state.network!.summary;
  const share = distilTaskOf(state)!.achieved;
  const paced = distilPace.put(state, paceKey(state), 1e-6);
  const of = (epochsAsked: number) => distilSeconds(withSettings(paced, { epochs: epochsAsked }))!;
  const calibration = 20;
  expect(of(1)).toBeCloseTo(1e-6 * macs * (1 + 3 * share) * calibration, 6);
  expect(of(8)).toBeCloseTo(8 * of(1), 6);
  // What is seen again the original need not look at.
  expect([1, 2, 3].map((epoch) => distilWork(100, 0.25, epoch, 2))).toEqual([175, 175, 75]);
  expect(distilWork(100, 0.25, 3, 0)).toBe(175);
  const note = { ...beganDistilling(distilTaskOf(state)!), epochs };
  expect(distilText(note)).toContain(`epoch 2 of ${defaultDistil.epochs} is done`);
  expect(distilText({ ...note, best: 1 })).toContain(
    `the state behind epoch 1 of ${defaultDistil.epochs} is kept`,
  );
  expect(distilText({ ...note, best: 0 })).toContain('the repaired network stays');
});
