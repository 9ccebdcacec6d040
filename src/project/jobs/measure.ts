import { methods } from '../../compression/methods';
import { recipeKey } from '../../compression/recipe';
import type { BackgroundJob, BackgroundTask } from '../background';
import { imageParts } from '../images';
import { measuring } from '../kinds';
import { isDetecting, isMeasuringBlocked, keyOf, measurementOf, original } from '../measurements';
import { formatTarget } from '../numbers';
import type { ProjectState } from '../state';
import { areCurvesMoving } from '../sweeps';
import { withMeasurement } from '../foundTransitions';
import { inOrderOfWaiting, planOfSide, waitedFor } from '../waiting';
import { measuredOnReport, type Reported } from './reporting';

/** A recipe to run on the report images. */
export type MeasureTask = BackgroundTask & Reported;

/** How long the slider must rest before plans are measured. */
const restMilliseconds = 400;
/** How long images must rest before the original network is measured, which no slider changes. */
const originalRestMilliseconds = 250;

/**
 * Measures what is worth measuring, most wanted first: the original network, the selected method's plan, and, once that
 * is repaired, the others. Nothing after the original network failed, as every plan would fail alike, and no plan while the curves
 * that it follows from are being measured, as it will be another.
 */
export const measure: BackgroundJob<MeasureTask> = {
  kind: measuring,
  label: 'Measured accuracy',
  stage: 'accuracy',
  lane: 'foreground',
  order: 2,
  // The chosen plan is repaired before others are measured.
  orderOf: (state, { methods: proposing }) =>
    proposing.length === 0 || proposing.includes(waitedFor(state)[0]!) ? 2 : 2.6,
  rest: (_state, { methods: proposing }) =>
    proposing.length === 0 ? originalRestMilliseconds : restMilliseconds,
  wanted: wantedMeasurements,
  title: titleOf,
  async run(task, tools) {
    const outcome = await measuredOnReport(task, tools);
    if (outcome.ok) tools.update((state) => withMeasurement(state, task.recipe, outcome.value));
    return outcome;
  },
};

/** Everything of the present plans that was not measured yet. */
export function wantedMeasurements(state: ProjectState): readonly MeasureTask[] {
  const uncut = original(state);
  const hasReport = (imageParts(state)?.report.indices.length ?? 0) > 0;
  if (!uncut || !state.backend || !hasReport) return [];
  if (isDetecting(state) || isMeasuringBlocked(state)) return [];
  const first: MeasureTask = { key: keyOf(state, uncut)!, recipe: uncut, achieved: 1, methods: [] };
  return distinct([first, ...planTasks(state)]).filter(({ recipe }) => !measurementOf(state, recipe));
}

function planTasks(state: ProjectState): MeasureTask[] {
  if (areCurvesMoving(state)) return [];
  return inOrderOfWaiting(state).flatMap((side) => {
    const planned = planOfSide(state, side);
    if (!planned) return [];
    const { recipe, achieved, method } = planned;
    return [{ key: keyOf(state, recipe)!, recipe, achieved, methods: [method] }];
  });
}

/** Tasks of the same recipe become one, proposed by all of their methods. */
function distinct(tasks: readonly MeasureTask[]): MeasureTask[] {
  const byKey = new Map<string, MeasureTask>();
  for (const task of tasks) {
    const former = byKey.get(task.key);
    byKey.set(
      task.key,
      former ? { ...former, methods: [...new Set([...former.methods, ...task.methods])] } : task,
    );
  }
  return [...byKey.values()];
}

function titleOf(state: ProjectState, task: MeasureTask): string {
  if (recipeKey(task.recipe) === recipeKey(original(state) ?? task.recipe))
    return 'Measuring the original network';
  const names = task.methods.map((method) => methods.get(method).label).join(' and ');
  return `Measuring ${names} at ${formatTarget(state.completed?.target ?? state.document.settings.target)}`;
}
