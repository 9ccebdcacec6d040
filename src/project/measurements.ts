import { wilsonInterval, type Interval } from '../linalg/intervals';
import { originalRecipe, withStep, type Recipe, type Step } from '../compression/recipe';
import { repairStep } from '../compression/steps/repair';
import type { Failure } from '../network/failure';
import { isRunning, statusOf, type JobStatus } from './jobStatus';
import { hasEnough, imageParts } from './images';
import { detecting, measuring, ordering } from './kinds';
import { countAgreement, measurementKey, type Measurement } from './measurement';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** The untouched network, as a recipe; null before one is open. */
export const original = remembered(
  ({ network }: ProjectState) => [network?.summary.fingerprint],
  ({ network }): Recipe | null => network && originalRecipe(network.summary.fingerprint),
);

/** Names what is measured of a recipe on the present report images; null while there is nothing to measure on. */
export function keyOf(state: ProjectState, recipe: Recipe): string | null {
  const report = imageParts(state)?.report.drawn;
  return report ? measurementKey(recipe, report) : null;
}

/** The measurement of a recipe on the present images, if it was made. */
export function measurementOf(state: ProjectState, recipe: Recipe | null): Measurement | null {
  const key = recipe && keyOf(state, recipe);
  return (key !== null && state.document.measurements[key]) || null;
}

/** The measurement of the untouched network on the present images, if it was made. */
export function originalMeasurement(state: ProjectState): Measurement | null {
  return measurementOf(state, original(state));
}

/** How the job that measures a recipe stands. */
export function measuringStatus(
  state: ProjectState,
  recipe: Recipe | null,
): { readonly key: string; readonly status: JobStatus | null } | null {
  const key = recipe && keyOf(state, recipe);
  return key === null ? null : { key, status: statusOf(state.jobs, measuring, key) ?? null };
}

/** Whether nothing is measured because the original network's run failed or was cancelled. */
export function isMeasuringBlocked(state: ProjectState): boolean {
  const status = measuringStatus(state, original(state))?.status;
  return status?.state === 'failed' || status?.state === 'cancelled';
}

/** Whether the preprocessing, or the order of the classes, is being looked for, so that nothing should start that depends on it. */
export function isDetecting({ jobs }: ProjectState): boolean {
  return isRunning(jobs, detecting) || isRunning(jobs, ordering);
}

/** Whether there are enough calibration images to repair on. */
export function canRepair(state: ProjectState): boolean {
  return hasEnough(state, 'calibration');
}

/** Whether plans count with repair: the switch is on and there are images to repair on. */
export function isRepairing(state: ProjectState): boolean {
  return state.document.settings.isRepairing && canRepair(state);
}

/** The repair that plans go through at present; null where they are not repaired. */
export const presentRepair = remembered(
  (state: ProjectState) => [imageParts(state), state.document.settings.seed, isRepairing(state)],
  (state): Step | null => {
    const calibration = imageParts(state)?.calibration.drawn;
    return calibration && isRepairing(state) ? repairStep(calibration, state.document.settings.seed) : null;
  },
);

/** A recipe with the present repair behind it; the same object for the same two. Null where there is none. */
export function repairedRecipe(state: ProjectState, recipe: Recipe): Recipe | null {
  const step = presentRepair(state);
  if (!step) return null;
  const known = repaired.get(recipe);
  if (known?.step === step) return known.recipe;
  const made = withStep(recipe, step);
  repaired.set(recipe, { step, recipe: made });
  return made;
}

const repaired = new WeakMap<Recipe, { readonly step: Step; readonly recipe: Recipe }>();

/** What the repaired network of a recipe reached on the report images, if it ran. */
export function repairedMeasurement(state: ProjectState, recipe: Recipe): Measurement | null {
  const after = repairedRecipe(state, recipe);
  return after && measurementOf(state, after);
}

/** The page's accuracy: of labelled images right answers, else agreement with the original network. */
export interface Accuracy {
  readonly kind: 'top-1' | 'agreement';
  readonly successes: number;
  readonly images: number;
  readonly share: number;
  /** Wilson's 95 % interval. */
  readonly interval: Interval;
}

/** Accuracy of a measurement; null where there are no labels and no original to agree with. */
export function accuracyOf(measurement: Measurement, uncut: Measurement | null): Accuracy | null {
  if (measurement.top1 !== null) return accuracy('top-1', measurement.top1, measurement.count);
  if (!uncut || uncut === measurement) return null;
  return accuracy('agreement', countAgreement(measurement, uncut), measurement.count);
}

function accuracy(kind: Accuracy['kind'], successes: number, images: number): Accuracy {
  return { kind, successes, images, share: successes / images, interval: wilsonInterval(successes, images) };
}

/** Whether images and network do not fit each other: told by the failed run of the original network. */
export function misfit(state: ProjectState): { readonly key: string; readonly failure: Failure } | null {
  const job = measuringStatus(state, original(state));
  if (job?.status?.state !== 'failed') return null;
  const { failure } = job.status;
  return failure.code === 'images-do-not-fit' || failure.code === 'invalid-images'
    ? { key: job.key, failure }
    : null;
}
