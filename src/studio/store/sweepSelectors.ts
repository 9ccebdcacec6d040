import { sweepText, type SweepIdentity } from '../../../workers/client/pointStore';
import type { RefitStep } from '../../compression/recipe';
import type { SweepLayer } from '../../enc/sweep/points';
import { defaultSweepSettings } from '../../enc/sweep/schedule';
import { intervalWarning } from '../../enc/sweep/warnings';
import { wilsonInterval } from '../../linalg/intervals';
import type { Preprocessing } from '../../network/images';
import { chosenMetric, type MetricChoice } from '../model/shown';
import type { ImageParts } from '../model/parts';
import {
  imageParts,
  inputPreprocessing,
  isPreparing,
  measurementOf,
  originalRanks,
  remembered,
} from './selectors';
import type { StudioState } from './state';

/** Fewer selection images than this say nothing about a rank. */
export const minSelection = 6;

/** Fewer calibration images than this are not worth a repair. */
export const minCalibration = 16;
/** Calibration images that single layers are re-fitted on. */
const maxCurveCalibration = 256;

/** A sweep that there is reason to run. */
export interface SweepTask {
  /** Names what is measured and which layers. */
  readonly key: string;
  /** Names what the points hold for. */
  readonly identityKey: string;
  readonly identity: SweepIdentity;
  readonly layers: readonly SweepLayer[];
  /** Calibration images to re-fit each layer on before it is measured; null measures truncated layers. */
  readonly refit: RefitStep | null;
  /** Which metric the images are spent for. */
  readonly decides: 'measured' | 'divergence';
}

/**
 * The sweep to run now: once every energy curve is there and the original network has run on the report images, and
 * unless it was paused, cancelled, failed or is finished.
 */
export function wantedSweep(state: StudioState): SweepTask | null {
  const { sweep, jobs, backend, network } = state;
  const isHalted = sweep.isPaused || (jobs.sweep !== undefined && jobs.sweep.state !== 'running');
  if (isHalted || !backend || !network?.planner.qualities || isPreparing(jobs)) return null;
  if (!measurementOf(state, originalRanks)) return null;
  const task = sweepTask(state);
  return task?.key === sweep.finishedKey ? null : task;
}

/** What a sweep of the present network and images would measure; null where there are too few images. */
export const sweepTask = remembered((state) => {
  const { network, requested } = state;
  return [
    network?.summary,
    network?.planner.problem.layers.length,
    requested.overrides,
    imageParts(state),
    requested.preprocessing,
    sweptBy(requested.metric),
  ];
}, makeTask);

function makeTask(state: StudioState): SweepTask | null {
  const parts = imageParts(state);
  const { network } = state;
  if (!network || !parts || parts.selection.indices.length < minSelection) return null;
  const { images, indices } = parts.selection;
  const preprocessing = inputPreprocessing(state);
  const refit = refitOf(state, parts, preprocessing);
  const identity = {
    network: network.summary.fingerprint,
    images,
    indices,
    preprocessing,
    refit,
  };
  const cut = new Set(network.planner.problem.layers.map(({ name }) => name));
  const layers = network.summary.layers
    .filter(({ name }) => cut.has(name))
    .map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax }));
  const identityKey = sweepText(identity);
  const { decides } = sweptBy(state.requested.metric);
  const key = `${identityKey} ${decides} ${layers.map(({ name }) => name).join()}`;
  return { key, identityKey, identity, layers, refit, decides };
}

/** The metric that a sweep measures for: a sweep runs whatever was chosen, by default for the best one. */
function sweptBy(choice: MetricChoice) {
  const metric = chosenMetric(choice);
  const { decides, needs } = metric.decides === null ? chosenMetric('auto') : metric;
  return { decides: decides ?? defaultSweepSettings.decides, needs };
}

/** With what layers are re-fitted before they are measured, where that was chosen and there are images for it. */
function sweepRepair({ requested }: StudioState, parts: ImageParts, preprocessing: Preprocessing) {
  const { images, indices } = parts.calibration;
  if (!sweptBy(requested.metric).needs.refit || indices.length < minCalibration) return null;
  const some = indices.slice(0, maxCurveCalibration);
  return { calibration: { images, indices: some, preprocessing }, seed: requested.seed };
}

/** A sentence where accuracy on the selection images is known less well than the differences that matter. */
export function selectionWarning(state: StudioState): string | null {
  const parts = imageParts(state);
  if (!parts) return null;
  const images = parts.selection.indices.length;
  if (images < minSelection) {
    return `Only ${images} selection images: curves stay with energy. Open more images, or change the split.`;
  }
  const original = measurementOf(state, originalRanks);
  const top1 = original?.top1 ?? null;
  const share = original && top1 !== null ? top1 / original.images : 0.9;
  return intervalWarning(Math.round(share * images), images)?.message ?? null;
}

/** Half the width of the 95 % interval of an accuracy of 90 % on so many images, in points. */
export function halfWidth(images: number): number {
  const { low, high } = wilsonInterval(Math.round(0.9 * images), images);
  return (100 * (high - low)) / 2;
}
