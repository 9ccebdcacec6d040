import { methods } from '../../compression/methods';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import { repairKind } from '../../../workers/protocol/repair';
import { outcomeOf, unwrap } from '../../network/failure';
import type { BackgroundJob, TaskTools } from '../background';
import { imageParts, selectionOf } from '../images';
import { isDetecting, measurementOf } from '../measurements';
import { formatTarget } from '../numbers';
import { areCurvesInFlux } from '../planning';
import { repairing } from '../kinds';
import { repairTaskOf, type RepairTask } from '../repairs';
import { scoredMeasurement } from '../scoring';
import type { ProjectState } from '../state';
import { withMeasurement, withRepair } from '../transitions';

/** Repairs the chosen method's plan once everything quicker is done, and measures what became of it. */
export const repair: BackgroundJob<RepairTask> = {
  kind: repairing,
  label: 'Repaired networks',
  lane: 'foreground',
  order: 4,
  rest: () => 700,
  wanted: (state) => {
    const { completed, document, backend } = state;
    const { target, method } = document.settings;
    if (!backend || completed?.target !== target || areCurvesInFlux(state) || isDetecting(state)) return [];
    // Where the truncated plan did not run, the repaired one would not either.
    const planned = completed.plans[method];
    const task = planned && measurementOf(state, planned.recipe) && repairTaskOf(state, method);
    return task && !measurementOf(state, task.recipe) ? [task] : [];
  },
  mayGoOn: isStillPlanned,
  title: (state, { method }) =>
    `Repairing ${methods.get(method).label} at ${formatTarget(state.document.settings.target)}`,
  run: (task, tools) => outcomeOf(() => runRepair(task, tools)),
};

/** A repair goes on as long as its recipe is some method's, so that a download may wait for it. */
function isStillPlanned(state: ProjectState, { key, method }: RepairTask): boolean {
  if (state.document.settings.target !== state.completed?.target) return false;
  return repairTaskOf(state, method)?.key === key;
}

async function runRepair({ recipe, achieved, method }: RepairTask, tools: TaskTools): Promise<null> {
  const { studio, signal, onProgress, getState, update } = tools;
  const { report, calibration } = imageParts(getState())!;
  const repaired = unwrap(await studio.run(signal, repairKind, { recipe }, onProgress));
  const { isRepaired, divergence } = repaired;
  const note = { isRepaired, divergence, calibrationImages: calibration.indices.length };
  const task = { recipe, selection: selectionOf(report) };
  const answers = unwrap(await studio.run(signal, evaluateKind, task, onProgress));
  const measurement = scoredMeasurement(recipe, report, answers, achieved, [method]);
  update((state) => withMeasurement(withRepair(state, recipe, note), recipe, measurement));
  return null;
}
