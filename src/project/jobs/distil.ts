import { methods } from '../../compression/methods';
import { recipeKey, type Recipe } from '../../compression/recipe';
import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import { canonicalKey } from '../../network/canonical';
import { outcomeOf, unwrap } from '../../network/failure';
import {
  distilKind,
  distilPaceKind,
  type CourseState,
  type DistilReport,
} from '../../../workers/protocol/distil';
import { distilSettingsOf } from '../../compression/steps/distil';
import type { BackgroundJob, TaskTools } from '../background';
import {
  beforeDistilling,
  canDistil,
  distilPace,
  distilWork,
  stoppedAt,
  taskOfNote,
  type DistilTask,
} from '../distilling';
import type { DistilEpoch, DistilNote } from '../document';
import { withDistilling, withHeldRepair, withMeasurement } from '../foundTransitions';
import { imageParts } from '../images';
import { distilling, pacing } from '../kinds';
import { isDetecting, measurementOf } from '../measurements';
import { formatPercent } from '../numbers';
import { paceKey } from '../repairs';
import type { ProjectState } from '../state';
import { onRepaired } from './heldRepair';
import { measuredOnReport } from './reporting';

/**
 * Distils repaired plans that a person has asked for, one behind the other, whatever the slider does meanwhile; goes on
 * from the last epoch after a pause or a reload; and measures what became of them.
 */
export const distil: BackgroundJob<DistilTask> = {
  kind: distilling,
  label: 'Distilled networks',
  stage: 'distillation',
  lane: 'background',
  order: 5,
  pause: {
    title: 'Distillation stands still',
    details: () => 'It goes on from its last epoch.',
    resume: 'Resume distillation',
  },
  rest: () => 0,
  wanted: (state) => (isDetecting(state) ? [] : unfinished(state)),
  title: (_state, { method, achieved }) =>
    `Distilling ${methods.get(method).label} at ${formatPercent(achieved)} of MACs`,
  run: (task, tools) => tools.caches.stayAwake(() => outcomeOf(() => runDistil(task, tools))),
};

/** Those that go on, in the order in which they were asked for. */
function unfinished(state: ProjectState): readonly DistilTask[] {
  return Object.values(state.document.distillations)
    .filter((note) => note.best === null && canDistil(state, note))
    .map(taskOfNote);
}

/** Finds this machine's pace, when a person looks at what a distillation would cost. */
export const distilPacing: BackgroundJob<DistilTask> = {
  kind: pacing,
  label: 'Pace of distillation',
  lane: 'foreground',
  order: 7,
  isForPage: true,
  isToldElsewhere: true,
  rest: () => 0,
  wanted: () => [],
  title: () => 'Timing a part of a distillation',
  run: (task, tools) =>
    outcomeOf(async () => {
      const { recipe } = task;
      const { studio, signal, onProgress } = tools;
      const timed = await onRepaired(beforeDistilling(recipe), tools, () =>
        studio.run(signal, distilPaceKind, { recipe }, onProgress),
      );
      tools.update((state) => withPace(state, task, timed.seconds, 1));
      return null;
    }),
};

/** Names where the distillation of a recipe stands, as this program computes, wherever it is stopped. */
export function courseName(recipe: Recipe): string {
  return canonicalKey(['distil', arithmeticVersion, recipeKey(stoppedAt(recipe, 0))]);
}

async function runDistil(task: DistilTask, tools: TaskTools): Promise<null> {
  const { recipe } = task;
  const { studio, signal, onProgress, caches, record, update } = tools;
  const name = courseName(recipe);
  const resume = within(recipe, await caches.loadCourse(name));
  const show = (epochs: readonly DistilEpoch[]) =>
    record((state) => changed(state, recipe, (note) => ({ ...note, epochs })));
  if (resume) show(resume.records);
  let epochBegun: number | null = null;
  const report = await onRepaired(beforeDistilling(recipe), tools, () =>
    studio.run(signal, distilKind, resume ? { recipe, resume } : { recipe }, onProgress, (state) => {
      const now = performance.now();
      const seconds = epochBegun === null ? null : (now - epochBegun) / 1000;
      epochBegun = now;
      void caches.saveCourse(name, state);
      show(state.records);
      if (seconds !== null) record((present) => withPace(present, task, seconds, state.records.length - 1));
    }),
  );
  update((state) => withHeldRepair(state, recipe));
  await measured(task, tools);
  update((state) => changed(state, recipe, (note) => finished(note, report)));
  return null;
}

/** Where a course stands, unless it is beyond the epoch that the recipe stops it at: nothing leads back. */
function within(recipe: Recipe, course: CourseState | null): CourseState | null {
  const stop = Number(recipe.steps.at(-1)?.settings.stop ?? 0);
  return course && stop > 0 && course.records.length > stop + 1 ? null : course;
}

async function measured({ recipe, method, achieved }: DistilTask, tools: TaskTools): Promise<void> {
  const { getState, update } = tools;
  if (imageParts(getState())!.report.indices.length === 0 || measurementOf(getState(), recipe)) return;
  const measurement = unwrap(await measuredOnReport({ recipe, achieved, methods: [method] }, tools));
  update((state) => withMeasurement(state, recipe, measurement));
}

function finished(note: DistilNote, { best, epochs }: DistilReport): DistilNote {
  return { ...note, epochs, best };
}

/** Changes what is noted of a distillation, as long as somebody wants it. */
function changed(
  state: ProjectState,
  recipe: Recipe,
  change: (note: DistilNote) => DistilNote,
): ProjectState {
  const note = state.document.distillations[recipeKey(recipe)];
  return note ? withDistilling(state, change(note)) : state;
}

/** Notes how long an epoch took. @param epoch counted from 1 */
function withPace(
  state: ProjectState,
  { recipe, achieved }: DistilTask,
  seconds: number,
  epoch: number,
): ProjectState {
  const images = imageParts(state)?.calibration.indices.length ?? 0;
  const { network } = state;
  if (!network || images === 0) return state;
  const views = distilSettingsOf(recipe.steps.at(-1)?.settings ?? {})?.views ?? 0;
  const pace = seconds / (images * distilWork(network.summary.macs, achieved, epoch, views));
  return distilPace.put(state, paceKey(state), pace);
}
