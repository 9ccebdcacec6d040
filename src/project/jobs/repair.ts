import { recipeKey, type Recipe } from '../../compression/recipe';
import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import { canonicalKey } from '../../network/canonical';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import { adoptPatchKind, lendPatchKind } from '../../../workers/protocol/patches';
import { repairKind } from '../../../workers/protocol/repair';
import { outcomeOf, unwrap } from '../../network/failure';
import type { BackgroundJob, TaskTools } from '../background';
import { imageParts, selectionOf } from '../images';
import { isDetecting, measurementOf } from '../measurements';
import { formatTarget } from '../numbers';
import { repairing } from '../kinds';
import { paceKey, plansToRepair, repairSeconds, repairTaskOf, type RepairTask } from '../repairs';
import { scoredMeasurement } from '../scoring';
import type { ProjectState } from '../state';
import { areCurvesInFlux } from '../sweeps';
import { withHeldRepair, withMeasurement, withRepair } from '../foundTransitions';
import { nameOfSide, planOfSide, waitedFor } from '../waiting';

/**
 * Repairs the plans that people wait for, in the order in which they do, before anything that takes as long, and
 * measures what became of them.
 */
export const repair: BackgroundJob<RepairTask> = {
  kind: repairing,
  label: 'Repaired networks',
  stage: 'repair',
  lane: 'foreground',
  order: 2.5,
  // What others cost as they are cut is known sooner than what their repair makes of them.
  orderOf: (state, { side }) => (side === waitedFor(state)[0] ? 2.5 : 2.7),
  rest: () => 700,
  wanted: (state) => {
    const { completed, document, backend } = state;
    if (!backend || completed?.target !== document.settings.target) return [];
    if (areCurvesInFlux(state) || isDetecting(state)) return [];
    // Where the truncated plan did not run, the repaired one would not either.
    return plansToRepair(state).filter(({ side }) => measurementOf(state, planOfSide(state, side)!.recipe));
  },
  mayGoOn: isStillPlanned,
  title: (state, { side }) => {
    const { target } = state.document.settings;
    return `Repairing ${nameOfSide(side)}${side === 'saved' ? '' : ` at ${formatTarget(target)}`}`;
  },
  run: (task, tools) => outcomeOf(() => runRepair(task, tools)),
};

/** A repair goes on as long as its recipe is some side's, so that a download may wait for it. */
function isStillPlanned(state: ProjectState, { key, side }: RepairTask): boolean {
  if (state.document.settings.target !== state.completed?.target) return false;
  return repairTaskOf(state, side)?.key === key;
}

/** Repairs a recipe, or takes what that made another time, and measures what became of it. */
export async function runRepair({ recipe, achieved, method }: RepairTask, tools: TaskTools): Promise<null> {
  const { studio, signal, onProgress, getState, update } = tools;
  const { report } = imageParts(getState())!;
  const begun = performance.now();
  const isKept = await repaired(recipe, tools);
  if (report.indices.length === 0 || measurementOf(getState(), recipe)) return null;
  const task = { recipe, selection: selectionOf(report) };
  const answers = unwrap(await studio.run(signal, evaluateKind, task, onProgress));
  const measurement = scoredMeasurement(recipe, report, answers, achieved, [method]);
  const seconds = (performance.now() - begun) / 1000;
  update((state) => {
    const paced = isKept ? state : repairSeconds.put(state, paceKey(state), seconds);
    return withMeasurement(paced, recipe, measurement);
  });
  return null;
}

/** Makes the threads know what repair makes of a recipe; whether that was kept from another time. */
export async function repaired(recipe: Recipe, tools: TaskTools): Promise<boolean> {
  const isKept = await adopted(recipe, tools);
  if (!isKept) await made(recipe, tools);
  return isKept;
}

/** Names what repairing a recipe makes, as this program computes. */
export function repairName(recipe: Recipe): string {
  // Since images are split into parts, other samples are drawn.
  return canonicalKey(['repair', arithmeticVersion, 'in parts', recipeKey(recipe)]);
}

/** Puts in what the repair of a recipe made another time; whether that is kept. */
async function adopted(recipe: Recipe, { studio, caches, signal, update }: TaskTools): Promise<boolean> {
  const kept = await caches.loadRepair(repairName(recipe));
  if (!kept) return false;
  const { network } = recipe;
  const task = { network, key: recipeKey(recipe), patch: kept.patch };
  unwrap(await studio.run(signal, adoptPatchKind, task, () => undefined));
  update((state) => withHeldRepair(withRepair(state, recipe, kept.note), recipe));
  return true;
}

/** Repairs a recipe, and keeps what that made for another time. */
async function made(recipe: Recipe, tools: TaskTools): Promise<void> {
  const { studio, caches, signal, onProgress, getState, update } = tools;
  const { calibration } = imageParts(getState())!;
  const report = unwrap(await studio.run(signal, repairKind, { recipe }, onProgress));
  const { isRepaired, divergence } = report;
  const note = { isRepaired, divergence, calibrationImages: calibration.indices.length };
  update((state) => withHeldRepair(withRepair(state, recipe, note), recipe));
  const task = { network: recipe.network, key: recipeKey(recipe) };
  const lent = await studio.run(signal, lendPatchKind, task, () => undefined);
  if (lent.ok && lent.value) await caches.saveRepair(repairName(recipe), { note, patch: lent.value });
}
