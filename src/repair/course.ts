import { defaultFitOptions, fitLayer, type GroupFit, type GroupRegression } from './regression/fitLayer';
import { improvedModel, kernelOf } from './regression/model';
import { bestBias, joinedMoments, type Moments } from './regression/regression';
import type { GroupMoments, LayerCheckpoint, LayerMoments, LayerQuestion, RepairHelpers } from './questions';

/** Fits on targets corrected for the activation, after the fit on the plain ones. */
const activationRounds = 4;
/** Rounds of `improveModel` for each of them. */
const roundsPerActivation = 2;

/** Rounds of `improveModel` on all samples at the end, from where the fit on a part of them ended. */
const lastRounds = 2;

/** Layers to re-fit, and where to begin. */
export interface RepairCourse {
  /** Names in network order. */
  readonly layers: readonly string[];
  /** What an earlier run of the same course told of its first layers: they are not fitted again. */
  readonly resume: readonly LayerCheckpoint[];
  /** Told of each layer that is done, unless it was known before. */
  onLayer?(checkpoint: LayerCheckpoint): void;
  /** Told before each layer that is fitted, and at the end. */
  onProgress?(progress: {
    readonly done: number;
    readonly total: number;
    readonly layer: string | null;
  }): void;
  /** Awaited between rounds; throws to stop. */
  readonly pause: () => Promise<void>;
}

/**
 * Re-fits layers by least squares, in network order, each to what the layers before it have become. Of each layer the
 * ridge, the rounds and whether to take account of the activation are chosen on the held-back samples, then the fit goes
 * on with all of them. Neither images nor networks are needed here, only what `helpers` say of them.
 *
 * @returns a checkpoint per layer
 */
export async function runRepairCourse(
  { layers, resume, onLayer, onProgress, pause }: RepairCourse,
  helpers: RepairHelpers,
): Promise<readonly LayerCheckpoint[]> {
  const checkpoints = [...resume];
  for (let layer = resume.length; layer < layers.length; layer++) {
    onProgress?.({ done: layer, total: layers.length, layer: layers[layer]! });
    const former = layer > resume.length ? checkpoints[layer - 1]! : undefined;
    const checkpoint = await fitOne(await helpers.moments(layer, former), helpers, pause);
    checkpoints.push(checkpoint);
    onLayer?.(checkpoint);
  }
  onProgress?.({ done: layers.length, total: layers.length, layer: null });
  return checkpoints;
}

/** One group of a layer whose ridge is chosen. */
interface GroupTask {
  readonly question: LayerQuestion;
  readonly regression: GroupRegression;
  readonly group: number;
  readonly ridge: number;
  readonly helpers: RepairHelpers;
  readonly pause: () => Promise<void>;
}

async function fitOne(
  sampled: LayerMoments,
  helpers: RepairHelpers,
  pause: () => Promise<void>,
): Promise<LayerCheckpoint> {
  const { question } = sampled;
  const regressions = regressionsOf(sampled);
  const fit = await finish(fitLayer(regressions, defaultFitOptions), pause);
  const { choice, errorBefore, errorAfter } = fit;
  const layer = { layer: question.name, choice, errorBefore, errorAfter };
  if (choice.kind === 'unchanged') return { layer, fits: null };
  const fits: GroupFit[] = [];
  for (const [group, regression] of regressions.entries()) {
    const start = fit.groups[group]!;
    if (choice.kind === 'bias') {
      fits.push(withBestBias(question, start, allMoments(regression)));
    } else {
      const task = { question, regression, group, ridge: choice.ridge, helpers, pause };
      fits.push(await fitOnAll(task, await fitActivated(task, start)));
    }
  }
  return { layer, fits };
}

function regressionsOf({ question, parts }: LayerMoments): readonly GroupRegression[] {
  const { layout, groups } = question;
  return groups.map((own, group) => {
    const of = (which: keyof GroupMoments) => joined(parts.map((part) => part[group]![which]));
    return { layout, ...own, fitted: of('fitted'), heldBack: of('heldBack') };
  });
}

function joined(parts: readonly (Moments | null)[]): Moments {
  return joinedMoments(parts.filter((part) => part !== null));
}

function allMoments({ fitted, heldBack }: GroupRegression): Moments {
  return joinedMoments([fitted, heldBack]);
}

function withBestBias(
  { layout }: LayerQuestion,
  { model }: Pick<GroupFit, 'model'>,
  moments: Moments,
): GroupFit {
  return { model, bias: bestBias(moments, kernelOf(layout, model)) };
}

async function finish<T>(work: Generator<void, T, void>, pause: () => Promise<void>): Promise<T> {
  let state = work.next();
  while (!state.done) {
    await pause();
    state = work.next();
  }
  return state.value;
}

/** A fit, and whether its targets were corrected for the activation. */
interface ActivatedFit {
  readonly fit: GroupFit;
  readonly isRectified: boolean;
}

/**
 * Goes on from a fit with targets that ask nothing where the activation is flat, for as long as the error after
 * the activation falls on the held-back samples.
 */
async function fitActivated(task: GroupTask, start: GroupFit): Promise<ActivatedFit> {
  const { question, regression, group, helpers } = task;
  const { min, max } = question.bounds;
  let best: ActivatedFit = { fit: start, isRectified: false };
  if (min === -Infinity && max === Infinity) return best;
  const errorOf = async (fit: GroupFit) => sum(await helpers.heldBackError(group, fit));
  let error = await errorOf(start);
  for (let round = 0; round < activationRounds; round++) {
    const moments = rectified(regression.fitted, await helpers.rectified(group, best.fit, 'fitted'));
    const fit = await goOn(task, moments, best.fit, roundsPerActivation);
    const nextError = await errorOf(fit);
    if (!(nextError < error)) break;
    best = { fit, isRectified: true };
    error = nextError;
  }
  return best;
}

/** Goes on from a fit on a part of the samples with all of them, targets corrected as they were for the part. */
async function fitOnAll(task: GroupTask, { fit, isRectified }: ActivatedFit): Promise<GroupFit> {
  const { regression, group, helpers } = task;
  const moments = allMoments(regression);
  if (!isRectified) return goOn(task, moments, fit, lastRounds);
  return goOn(task, rectified(moments, await helpers.rectified(group, fit, 'all')), fit, lastRounds);
}

/** The moments of the same patches with other targets. */
function rectified(moments: Moments, parts: readonly (Moments | null)[]): Moments {
  const { gram, patchMean } = moments;
  return { ...joined(parts), gram, patchMean };
}

/** Some more rounds; one step where there is a closed form. */
async function goOn(
  { question, regression, ridge, pause }: GroupTask,
  moments: Moments,
  { model: start }: GroupFit,
  rounds: number,
): Promise<GroupFit> {
  const work = improvedModel(moments, question.layout, regression.kernel, start, { rounds, ridge });
  return withBestBias(question, { model: await finish(work, pause) }, moments);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
