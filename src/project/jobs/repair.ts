import { evaluateKind } from '../../../workers/protocol/evaluate';
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
import { withMeasurement, withRepair } from '../transitions';
import { nameOfSide, planOfSide } from '../waiting';

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

async function runRepair({ recipe, achieved, method }: RepairTask, tools: TaskTools): Promise<null> {
  const { studio, signal, onProgress, getState, update } = tools;
  const { report, calibration } = imageParts(getState())!;
  const begun = performance.now();
  const repaired = unwrap(await studio.run(signal, repairKind, { recipe }, onProgress));
  const { isRepaired, divergence } = repaired;
  const note = { isRepaired, divergence, calibrationImages: calibration.indices.length };
  update((state) => withRepair(state, recipe, note));
  if (report.indices.length === 0) return null;
  const task = { recipe, selection: selectionOf(report) };
  const answers = unwrap(await studio.run(signal, evaluateKind, task, onProgress));
  const measurement = scoredMeasurement(recipe, report, answers, achieved, [method]);
  const seconds = (performance.now() - begun) / 1000;
  update((state) => withMeasurement(repairSeconds.put(state, paceKey(state), seconds), recipe, measurement));
  return null;
}
