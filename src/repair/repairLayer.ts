import * as tf from '@tensorflow/tfjs-core';
import {
  defaultFitOptions,
  fitLayer,
  type GroupFit,
  type GroupRegression,
  type LayerFit,
} from './regression/fitLayer';
import { improvedModel, kernelOf, type LinearModel } from './regression/model';
import { activatedError, rectifiedTargets } from './regression/rectify';
import { bestBias, mergedMoments, patchSize, type Moments } from './regression/regression';
import type { Pause } from '../engine/executor';
import { readBack } from '../engine/readback';
import { groupKernel, unrepairedGroup, type RepairTarget } from './layerGroups';
import { momentsOfRows, requireFinite, withTargets } from './moments';
import { rowSlices, type Rows } from './rows';
import type { OutputUse } from './outputUse';
import { groupColumns, type LayerSamples, type SampleBlock } from './samples';

/** Fits on targets corrected for the activation, after the fit on the plain ones. */
const activationRounds = 4;
/** Rounds of `improveModel` for each of them. */
const roundsPerActivation = 2;

/** Rounds of `improveModel` on all samples at the end, from where the fit on a part of them ended. */
const lastRounds = 2;

/**
 * Re-fits a layer on its samples: ridge, rounds and whether to take account of the activation are chosen on the
 * held-back ones, then the fit goes on with all of them. The errors are those before this last step and before
 * the activation.
 */
export async function fitSamples(
  target: RepairTarget,
  use: OutputUse,
  samples: LayerSamples,
  pause: Pause,
): Promise<LayerFit> {
  const regressions: GroupRegression[] = [];
  for (let group = 0; group < samples.geometry.groups; group++) {
    regressions.push(await groupRegression(target, use, samples, group, pause));
  }
  const fit = await finish(fitLayer(regressions, defaultFitOptions), pause);
  const { choice } = fit;
  if (choice.kind === 'unchanged') return fit;
  const groups: GroupFit[] = [];
  for (const [group, regression] of regressions.entries()) {
    const start = fit.groups[group]!;
    if (choice.kind === 'bias') {
      groups.push(withBestBias(regression, start.model, allMoments(regression)));
    } else {
      const task = { regression, use, samples, group, ridge: choice.ridge };
      groups.push(await fitOnAll(task, await fitActivated(task, start, pause), pause));
    }
  }
  return { ...fit, groups };
}

function allMoments({ fitted, heldBack }: GroupRegression): Moments {
  return mergedMoments(fitted, heldBack);
}

function withBestBias({ layout }: GroupRegression, model: LinearModel, moments: Moments): GroupFit {
  return { model, bias: bestBias(moments, kernelOf(layout, model)) };
}

async function groupRegression(
  target: RepairTarget,
  use: OutputUse,
  samples: LayerSamples,
  group: number,
  pause: Pause,
): Promise<GroupRegression> {
  const { layout } = samples.geometry;
  const moments = async (blocks: readonly SampleBlock[]) => {
    const rows = groupRows(samples, blocks, group);
    const found = await momentsOfRows(rows, patchSize(layout), layout.outputs, pause);
    return requireFinite(target.node.name, found);
  };
  return {
    layout,
    kernel: groupKernel(target, group, use),
    fitted: await moments(samples.fitted),
    heldBack: await moments(samples.heldBack),
    unrepaired: unrepairedGroup(target, group, use),
  };
}

async function finish<T>(work: Generator<void, T, void>, pause: Pause): Promise<T> {
  let state = work.next();
  while (!state.done) {
    await pause();
    state = work.next();
  }
  return state.value;
}

function* groupRows(
  { geometry }: LayerSamples,
  blocks: readonly SampleBlock[],
  group: number,
): Generator<Rows> {
  const { outputChannels, layout } = geometry;
  for (const block of blocks) {
    const targets = groupColumns(block.targets, outputChannels, group, layout.outputs);
    yield { count: block.rows, patches: block.patches[group]!, targets };
  }
}

/** One group of a layer whose ridge is chosen. */
interface GroupTask {
  readonly regression: GroupRegression;
  readonly use: OutputUse;
  readonly samples: LayerSamples;
  readonly group: number;
  readonly ridge: number;
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
async function fitActivated(task: GroupTask, start: GroupFit, pause: Pause): Promise<ActivatedFit> {
  const { regression, samples, use } = task;
  let best: ActivatedFit = { fit: start, isRectified: false };
  if (use.bounds.min === -Infinity && use.bounds.max === Infinity) return best;
  let error = await heldBackError(task, start, pause);
  for (let round = 0; round < activationRounds; round++) {
    const blocks = await rectifiedRows(task, samples.fitted, best.fit, pause);
    const moments = await withTargets(regression.fitted, blocks, pause);
    const fit = await goOn(task, moments, best.fit, roundsPerActivation, pause);
    const nextError = await heldBackError(task, fit, pause);
    if (!(nextError < error)) break;
    best = { fit, isRectified: true };
    error = nextError;
  }
  return best;
}

/** Goes on from a fit on a part of the samples with all of them, targets corrected as they were for the part. */
async function fitOnAll(
  task: GroupTask,
  { fit, isRectified }: ActivatedFit,
  pause: Pause,
): Promise<GroupFit> {
  const { regression, samples } = task;
  const moments = allMoments(regression);
  if (!isRectified) return goOn(task, moments, fit, lastRounds, pause);
  const blocks = await rectifiedRows(task, [...samples.fitted, ...samples.heldBack], fit, pause);
  return goOn(task, await withTargets(moments, blocks, pause), fit, lastRounds, pause);
}

/** Some more rounds; one step where there is a closed form. */
async function goOn(
  { regression, ridge }: GroupTask,
  moments: Moments,
  { model: start }: GroupFit,
  rounds: number,
  pause: Pause,
): Promise<GroupFit> {
  const { layout, kernel } = regression;
  const work = improvedModel(moments, layout, kernel, start, { rounds, ridge });
  return withBestBias(regression, await finish(work, pause), moments);
}

async function rectifiedRows(
  task: GroupTask,
  blocks: readonly SampleBlock[],
  fit: GroupFit,
  pause: Pause,
): Promise<readonly Rows[]> {
  const rows: Rows[] = [];
  for (const block of blocks) {
    const activated = activatedRows(task, block);
    const predictions = await predict(task, block, fit, pause);
    rows.push({
      count: block.rows,
      patches: block.patches[task.group]!,
      targets: rectifiedTargets(activated, predictions),
    });
  }
  return rows;
}

async function heldBackError(task: GroupTask, fit: GroupFit, pause: Pause): Promise<number> {
  let sum = 0;
  for (const block of task.samples.heldBack) {
    sum += activatedError(activatedRows(task, block), await predict(task, block, fit, pause));
  }
  return sum;
}

function activatedRows({ use, samples, group }: GroupTask, block: SampleBlock) {
  const { outputChannels, layout } = samples.geometry;
  const part = (rows: Float32Array) => groupColumns(rows, outputChannels, group, layout.outputs);
  return {
    targets: part(block.targets),
    residual: block.residual && part(block.residual),
    bounds: use.bounds,
  };
}

/** What a fit answers to the patches of a block, rows × outputs, computed on the engine. */
async function predict(
  { regression, group }: GroupTask,
  block: SampleBlock,
  { model, bias }: GroupFit,
  pause: Pause,
): Promise<Float32Array> {
  const { layout } = regression;
  const size = patchSize(layout);
  const kernel = tf.tensor2d(Float32Array.from(kernelOf(layout, model)), [size, layout.outputs]);
  const offset = tf.tensor1d(Float32Array.from(bias));
  const predictions = new Float32Array(block.rows * layout.outputs);
  const whole: Rows = { count: block.rows, patches: block.patches[group]!, targets: predictions };
  try {
    for (const { count, patches, targets } of rowSlices(whole, size, layout.outputs)) {
      await pause();
      const product = tf.tidy(() => tf.add(tf.matMul(tf.tensor2d(patches, [count, size]), kernel), offset));
      targets.set(await readBack(product).finally(() => product.dispose()));
    }
  } finally {
    tf.dispose([kernel, offset]);
  }
  return predictions;
}
