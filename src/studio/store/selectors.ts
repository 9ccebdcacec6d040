import { wilsonInterval, type Interval } from '../../linalg/intervals';
import type { Method } from '../../enc/plan';
import type { Failure } from '../../network/failure';
import type { Preprocessing } from '../../network/images';
import type { LayerDescription, Ranks } from '../../network/layers';
import { splitParts, type ImageParts } from '../model/parts';
import { countAgreement, measurementKey, repairedKey, type Measurement } from '../model/measurement';
import { offeredMethods, type PairSide } from '../model/methods';
import type { PlannedMethod } from '../model/planning/planner';
import type { DetectionNote } from '../model/preprocessing/detection';
import { describePreprocessing, forChannels } from '../model/preprocessing/presets';
import type { JobId, JobStatus } from './jobs';
import type { StudioState } from './state';

/** Ranks key of the untouched network. */
export const originalRanks = '';

/** Which images serve for what; null before there are any. */
export const imageParts = remembered(
  ({ images, tuning, requested }) => [images, tuning, requested.seed, requested.split],
  ({ images, tuning, requested }): ImageParts | null =>
    images && splitParts(images, tuning, requested.seed, requested.split),
);

const noIndices = new Uint32Array(0);

/** The images that reported accuracy comes from: none that anything was chosen or fitted on. */
export function reportIndices(state: StudioState): Uint32Array {
  return imageParts(state)?.report.indices ?? noIndices;
}

/** The preprocessing with one mean and one scale per channel of the network's input. */
export function inputPreprocessing(state: StudioState): Preprocessing {
  const channels = state.network?.summary.input.shape.at(-1) ?? 3;
  return forChannels(state.requested.preprocessing, channels);
}

/** What trying every preset showed for the network and images that are open. */
export function detectionNote({ detection, network, images }: StudioState): DetectionNote | null {
  const isOfThese =
    detection?.network === network?.summary.fingerprint && detection?.images === images?.fingerprint;
  return isOfThese ? detection : null;
}

/** Names network, images and preprocessing together; null while one of them is missing. */
export function measurementContext(state: StudioState): string | null {
  const { network, images } = state;
  if (!network || !images) return null;
  const { channels, mean, scale } = inputPreprocessing(state);
  const prepared = [channels, mean.join(), scale.join()];
  return [network.summary.fingerprint, images.fingerprint, reportName(state), ...prepared].join('|');
}

/** Names the report images within their set. */
function reportName(state: StudioState): string {
  const { calibration, selection } = imageParts(state)?.sizes ?? { calibration: 0, selection: 0 };
  if (state.tuning || calibration + selection === 0) return 'all';
  return `${state.requested.seed}-${calibration}-${selection}`;
}

/** The plan on one side of a comparison. */
export function sidePlan({ completed, saved }: StudioState, side: PairSide): PlannedMethod | null {
  return side === 'saved' ? saved : (completed?.plans[side] ?? null);
}

/** The measurement of some ranks on the present images, if it was made. */
export function measurementOf(state: StudioState, ranks: string): Measurement | null {
  const context = measurementContext(state);
  return (context !== null && state.measurements[measurementKey(context, ranks)]) || null;
}

/** The job that measures some ranks on the present images. */
export function measuringJob(
  state: StudioState,
  ranks: string,
): { id: JobId; status: JobStatus | null } | null {
  const context = measurementContext(state);
  if (context === null) return null;
  const id: JobId = `measure:${measurementKey(context, ranks)}`;
  return { id, status: state.jobs[id] ?? null };
}

export interface MeasurementTask {
  readonly key: string;
  readonly ranksKey: string;
  readonly ranks: Ranks;
  readonly achieved: number;
  /** Methods whose plan this is; empty for the original network. */
  readonly methods: readonly Method[];
}

/**
 * What is worth measuring now, most wanted first: the original network, the selected method's plan, then the
 * others. Nothing while layers are being factorised (the threads are busy with what comes first), and nothing
 * after the original network failed, as every plan would fail alike. What was measured, failed or was cancelled
 * is left out.
 */
export function wantedMeasurements(state: StudioState): readonly MeasurementTask[] {
  const context = measurementContext(state);
  if (context === null || !state.backend || isPreparing(state.jobs)) return [];
  const original: MeasurementTask = {
    key: measurementKey(context, originalRanks),
    ranksKey: originalRanks,
    ranks: {},
    achieved: 1,
    methods: [],
  };
  if (hasEnded(state, original)) return [];
  return distinct([original, ...planTasks(state, context)]).filter(
    (task) => !state.measurements[task.key] && !hasEnded(state, task),
  );
}

/** Whether what measurements need is still being worked out: factors, or how pixels become the input. */
export function isPreparing({ curves, detect }: StudioState['jobs']): boolean {
  return curves?.state === 'running' || detect?.state === 'running';
}

/** Whether nothing is measured because the original network's run failed or was cancelled. */
export function isMeasuringBlocked(state: StudioState): boolean {
  const job = measuringJob(state, originalRanks)?.status;
  return job?.state === 'failed' || job?.state === 'cancelled';
}

function hasEnded(state: StudioState, task: MeasurementTask): boolean {
  const job = state.jobs[`measure:${task.key}`];
  return job !== undefined && job.state !== 'running';
}

function planTasks(state: StudioState, context: string): MeasurementTask[] {
  const chosen = state.requested.method;
  const order = offeredMethods()
    .map((look) => look.method)
    .sort((a, b) => Number(b === chosen) - Number(a === chosen));
  return order.flatMap((method) => {
    const planned = state.completed?.plans[method];
    return planned ? [planTask(method, planned, context)] : [];
  });
}

function planTask(method: Method, { plan, key }: PlannedMethod, context: string): MeasurementTask {
  return {
    key: measurementKey(context, key),
    ranksKey: key,
    ranks: plan.ranks,
    achieved: plan.achieved,
    methods: [method],
  };
}

/** Tasks of the same ranks become one, proposed by all of their methods. */
function distinct(tasks: readonly MeasurementTask[]): MeasurementTask[] {
  const byKey = new Map<string, MeasurementTask>();
  for (const task of tasks) {
    const former = byKey.get(task.key);
    byKey.set(task.key, former ? { ...former, methods: [...former.methods, ...task.methods] } : task);
  }
  return [...byKey.values()];
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
export function accuracyOf(measurement: Measurement, original: Measurement | null): Accuracy | null {
  if (measurement.top1 !== null) return accuracy('top-1', measurement.top1, measurement.images);
  if (!original || original === measurement) return null;
  return accuracy('agreement', countAgreement(measurement, original), measurement.images);
}

function accuracy(kind: Accuracy['kind'], successes: number, images: number): Accuracy {
  return { kind, successes, images, share: successes / images, interval: wilsonInterval(successes, images) };
}

/** One point of the figure: accuracy of a method's plan against its MACs. */
export interface FigurePoint {
  readonly method: Method;
  readonly achieved: number;
  readonly accuracy: Accuracy;
}

/** Computes again only when one of its inputs changed, so that components see the same object meanwhile. */
export function remembered<T>(
  inputs: (state: StudioState) => readonly unknown[],
  compute: (state: StudioState) => T,
): (state: StudioState) => T {
  let last: { inputs: readonly unknown[]; value: T } | null = null;
  return (state) => {
    const present = inputs(state);
    if (!last?.inputs.every((input, index) => Object.is(input, present[index]))) {
      last = { inputs: present, value: compute(state) };
    }
    return last!.value;
  };
}

/** Everything measured so far that holds for the present network, images and preprocessing. */
export const figurePoints = remembered(
  (state) => [state.measurements, state.network?.summary, imageParts(state), state.requested.preprocessing],
  collectFigurePoints,
);

function collectFigurePoints(state: StudioState): readonly FigurePoint[] {
  const context = measurementContext(state);
  if (context === null) return [];
  const original = measurementOf(state, originalRanks);
  return Object.values(state.measurements)
    .filter((measurement) => measurement.context === context && isShown(state, measurement))
    .flatMap((measurement) => {
      const value = accuracyOf(measurement, original);
      if (!value) return [];
      return measurement.methods.map((method) => ({
        method,
        achieved: measurement.achieved,
        accuracy: value,
      }));
    });
}

/** Of ranks that ran with repair and without, the figure shows what the switch asks for. */
function isShown({ requested, measurements }: StudioState, measurement: Measurement): boolean {
  if (measurement.isRepaired) return requested.isRepairing;
  const twin = measurementKey(measurement.context, repairedKey(measurement.ranks));
  return !requested.isRepairing || measurements[twin] === undefined;
}

/** The failure of a job, if it failed. */
export function failureOf(state: StudioState, id: JobId): Failure | null {
  const job = state.jobs[id];
  return job?.state === 'failed' ? job.failure : null;
}

/** Whether images and network do not fit each other: told by the failed run of the original network. */
export function misfit(state: StudioState): { id: JobId; failure: Failure } | null {
  const job = measuringJob(state, originalRanks);
  if (job?.status?.state !== 'failed') return null;
  const { failure } = job.status;
  return failure.code === 'images-do-not-fit' || failure.code === 'invalid-images'
    ? { id: job.id, failure }
    : null;
}

/** A sentence where the preprocessing is probably not the network's own. */
export function preprocessingDoubt(state: StudioState): string | null {
  const original = measurementOf(state, originalRanks);
  if (!original || original.top1 === null) return null;
  const share = original.top1 / original.images;
  if (share >= 0.5) {
    if (!state.requested.preprocessingIsGuess) return null;
    return `The preprocessing (${describePreprocessing(state.requested.preprocessing)}) is a guess; choose the one the network was trained with, beside the images.`;
  }
  return `The original network answers only ${(share * 100).toFixed(1)} % of these images right. Is this the preprocessing it was trained with?`;
}

/** A layer's description by name. */
export function layerNamed(state: StudioState, name: string | null): LayerDescription | null {
  return state.network?.summary.layers.find((layer) => layer.name === name) ?? null;
}
