import { bestMetric, firstMetric } from '../compression/metrics';
import type { DrawnImages } from '../compression/draw';
import type { PlannedFor } from '../compression/nearRanks';
import type { Step } from '../compression/recipe';
import type { SweepLayer } from '../enc/sweep/points';
import { defaultSweepSettings, type SweepSettings } from '../enc/sweep/schedule';
import { intervalWarning } from '../enc/sweep/warnings';
import { canonicalKey } from '../network/canonical';
import { wilsonInterval } from '../linalg/intervals';
import type { BackgroundTask } from './background';
import { hasEnough, imageParts, minSelection } from './images';
import { originalMeasurement } from './measurements';
import { hasEnded, isRunning } from './jobStatus';
import { sweeping } from './kinds';
import { chosenMetric } from './metricChoices';
import { hasAllCurves, plannerOf } from './planning';
import { pointsKey, presentRefit } from './points';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** A sweep that there is reason to run. */
export interface SweepTask extends BackgroundTask {
  /** Names what the points hold for. */
  readonly pointsKey: string;
  readonly selection: DrawnImages;
  readonly layers: readonly SweepLayer[];
  /** Re-fits each layer before it is measured; null measures truncated layers. */
  readonly refit: Step | null;
  /** Which metric the images are spent for. */
  readonly decides: 'measured' | 'divergence';
  /** Minutes that it has; null measures until nothing is left that could tell anything. */
  readonly minutes: number | null;
  /** The key of the same sweep without a limit. */
  readonly wholeKey: string;
  /** What is measured where it is not the default. */
  readonly spent?: Partial<Pick<SweepSettings, 'ranksPerLayer' | 'exhaustive'>>;
}

/** The sweep to run now: once every energy curve is there and the original network has run on the report images. */
export function wantedSweep(state: ProjectState): SweepTask | null {
  const { backend } = state;
  if (!backend || !hasAllCurves(state) || !originalMeasurement(state)) return null;
  return sweepTask(state);
}

/** Whether the curves that drive the methods are being measured, or are about to be, or will be after a pause. */
export function areCurvesInFlux(state: ProjectState): boolean {
  const { jobs, document } = state;
  if (document.settings.metric === firstMetric) return false;
  if (isRunning(jobs, sweeping)) return true;
  const task = wantedSweep(state);
  return task !== null && !isSweepFinished(state, task) && !hasEnded(jobs, sweeping, task.key);
}

/** Whether a sweep came to its end, or one without its limit did. */
export function isSweepFinished(
  { document }: ProjectState,
  { key, wholeKey }: Pick<SweepTask, 'key' | 'wholeKey'>,
): boolean {
  return document.finishedSweeps.includes(key) || document.finishedSweeps.includes(wholeKey);
}

/**
 * Whether plans will soon be others without anybody's doing: what is measured of them now would be thrown away. In a
 * pause they stand still.
 */
export function areCurvesMoving(state: ProjectState): boolean {
  return !state.paused[sweeping] && areCurvesInFlux(state);
}

/** What a sweep of the present network and images would measure; null where there are too few images. */
export const sweepTask = remembered(
  (state: ProjectState) => [
    state.network?.summary,
    plannerOf(state)?.problem.layers.length,
    state.document.settings.overrides,
    imageParts(state),
    presentRefit(state),
    decidingMetric(state),
    state.document.settings.sweepMinutes,
  ],
  (state) => sweepTaskOf(state, presentRefit(state)),
);

/**
 * The same with another re-fit than the chosen metric's.
 *
 * @param refit null measures truncated layers
 */
export function sweepTaskOf(state: ProjectState, refit: Step | null): SweepTask | null {
  const parts = imageParts(state);
  const planner = plannerOf(state);
  const { network } = state;
  if (!network || !planner || !parts || !hasEnough(state, 'selection')) return null;
  const cut = new Set(planner.problem.layers.map(({ name }) => name));
  const layers = network.summary.layers
    .filter(({ name }) => cut.has(name))
    .map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax }));
  const selection = parts.selection.drawn;
  const ofPoints = pointsKey(network.summary.fingerprint, selection, refit);
  const decides = decidingMetric(state);
  const wholeKey = canonicalKey([ofPoints, decides, layers]);
  const { sweepMinutes: minutes } = state.document.settings;
  const key = minutes === null ? wholeKey : canonicalKey([wholeKey, minutes]);
  return { key, wholeKey, pointsKey: ofPoints, selection, layers, refit, decides, minutes };
}

/** What the curves of a sweep are for: plans at the present target; null where there can be none. */
export function plannedFor(state: ProjectState): PlannedFor | null {
  const planner = plannerOf(state);
  if (!planner) return null;
  const { target, metric: choice } = state.document.settings;
  const chosen = chosenMetric(choice);
  return {
    problem: planner.problem,
    budget: { cost: planner.cost, share: target },
    metric: chosen.needs.images ? chosen.id : bestMetric,
    energy: state.network!.curves,
  };
}

/** How a sweep spends its time on so many images; layers that are re-fitted are measured at every rank of their grid. */
export function sweepSettingsOf({ spent, decides, refit }: SweepTask, images: number): SweepSettings {
  const settings = { ...defaultSweepSettings, ...spent, decides, images };
  return { ...settings, exhaustive: settings.exhaustive || refit !== null };
}

/** Accuracy needs more images than divergence, so they are spent as the chosen metric wants it. */
function decidingMetric({ document }: ProjectState): 'measured' | 'divergence' {
  return chosenMetric(document.settings.metric).decides ?? 'divergence';
}

/** A sentence where accuracy on the selection images is known less well than the differences that matter. */
export function selectionWarning(state: ProjectState): string | null {
  const parts = imageParts(state);
  if (!parts) return null;
  const images = parts.selection.indices.length;
  if (images < minSelection) {
    return `Only ${images} selection images: curves stay with energy. Open more images, or change the split.`;
  }
  const uncut = originalMeasurement(state);
  const share = uncut && uncut.top1 !== null ? uncut.top1 / uncut.count : 0.9;
  return intervalWarning(Math.round(share * images), images)?.message ?? null;
}

/** Half the width of the 95 % interval of an accuracy of 90 % on so many images, in points. */
export function halfWidth(images: number): number {
  const { low, high } = wilsonInterval(Math.round(0.9 * images), images);
  return (100 * (high - low)) / 2;
}
