import { methods } from '../../compression/methods';
import { recipeKey, type Recipe } from '../../compression/recipe';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import type { BackgroundJob, BackgroundTask } from '../background';
import { imageParts, selectionOf } from '../images';
import { measuring } from '../kinds';
import { isDetecting, isMeasuringBlocked, keyOf, measurementOf, original } from '../measurements';
import { formatTarget } from '../numbers';
import { arePlansStreaming } from '../planning';
import { chosenFirst } from '../presentPlans';
import { scoredMeasurement } from '../scoring';
import type { ProjectState } from '../state';
import { withMeasurement } from '../transitions';

/** A recipe to run on the report images. */
export interface MeasureTask extends BackgroundTask {
  readonly recipe: Recipe;
  /** Share of the original MACs. */
  readonly achieved: number;
  /** Methods whose plan this is; empty for the original network. */
  readonly methods: readonly string[];
}

/** How long the slider must rest before plans are measured. */
const restMilliseconds = 400;
/** How long images must rest before the original network is measured, which no slider changes. */
const originalRestMilliseconds = 250;
/** How long plans must stay the same while points that stream in change them: measuring halts their sweep. */
const streamingRestMilliseconds = 2500;

/**
 * Measures what is worth measuring, most wanted first: the original network, the selected method's plan, then the
 * others. Nothing after the original network failed, as every plan would fail alike.
 */
export const measure: BackgroundJob<MeasureTask> = {
  kind: measuring,
  label: 'Measured accuracy',
  lane: 'foreground',
  order: 2,
  rest(state, { methods: proposing }) {
    if (proposing.length === 0) return originalRestMilliseconds;
    return arePlansStreaming(state) ? streamingRestMilliseconds : restMilliseconds;
  },
  wanted: wantedMeasurements,
  title: titleOf,
  async run({ recipe, achieved, methods: proposing }, { studio, signal, onProgress, getState, update }) {
    const { report } = imageParts(getState())!;
    const task = { recipe, selection: selectionOf(report), isResult: true };
    const outcome = await studio.run(signal, evaluateKind, task, onProgress);
    if (outcome.ok) {
      const measurement = scoredMeasurement(recipe, report, outcome.value, achieved, proposing);
      update((state) => withMeasurement(state, recipe, measurement));
    }
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
  const macs = state.network?.summary.macs ?? 1;
  return chosenFirst(state).flatMap((method) => {
    const planned = state.completed?.plans[method];
    if (!planned) return [];
    const { recipe, plan } = planned;
    return [{ key: keyOf(state, recipe)!, recipe, achieved: plan.costs.macs / macs, methods: [method] }];
  });
}

/** Tasks of the same recipe become one, proposed by all of their methods. */
function distinct(tasks: readonly MeasureTask[]): MeasureTask[] {
  const byKey = new Map<string, MeasureTask>();
  for (const task of tasks) {
    const former = byKey.get(task.key);
    byKey.set(task.key, former ? { ...former, methods: [...former.methods, ...task.methods] } : task);
  }
  return [...byKey.values()];
}

function titleOf(state: ProjectState, task: MeasureTask): string {
  if (recipeKey(task.recipe) === recipeKey(original(state) ?? task.recipe))
    return 'Measuring the original network';
  const names = task.methods.map((method) => methods.get(method).label).join(' and ');
  return `Measuring ${names} at ${formatTarget(state.completed?.target ?? state.document.settings.target)}`;
}
