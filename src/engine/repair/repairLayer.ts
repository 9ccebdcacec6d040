import * as tf from '@tensorflow/tfjs-core';
import {
  defaultFitOptions,
  fitLayer,
  type GroupFit,
  type GroupRegression,
  type LayerFit,
} from '../../enc/repair/fitLayer';
import { improveModel, kernelOf } from '../../enc/repair/model';
import { activatedError, rectifiedTargets } from '../../enc/repair/rectify';
import { bestBias, patchSize } from '../../enc/repair/regression';
import { withRidge } from '../../enc/repair/ridge';
import type { Pause } from '../executor';
import { readBack } from '../readback';
import { groupKernel, unrepairedGroup, type RepairTarget } from './layerGroups';
import { momentsOfRows, rowSlices, withTargets, type Rows } from './moments';
import type { OutputUse } from './outputUse';
import { groupColumns, type LayerSamples, type SampleBlock } from './samples';

/** Fits on targets corrected for the activation, after the fit on the plain ones. */
const activationRounds = 4;
/** Rounds of the alternation for each of them. */
const roundsPerActivation = 2;

/** Re-fits a layer on its samples. Its error is measured before the activation. */
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
  const isLinear = use.bounds.least === -Infinity && use.bounds.most === Infinity;
  if (isLinear || fit.choice.kind !== 'fitted') return fit;
  const { ridge } = fit.choice;
  const groups: GroupFit[] = [];
  for (const [group, regression] of regressions.entries()) {
    const start = fit.groups[group]!;
    groups.push(await fitActivated({ regression, use, samples, group, ridge }, start, pause));
  }
  return { ...fit, groups };
}

async function groupRegression(
  target: RepairTarget,
  use: OutputUse,
  samples: LayerSamples,
  group: number,
  pause: Pause,
): Promise<GroupRegression> {
  const { layout } = samples.geometry;
  const moments = (blocks: readonly SampleBlock[]) =>
    momentsOfRows(groupRows(samples, blocks, group), patchSize(layout), layout.outputs, pause);
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

/** One group of a layer that is followed by an activation with flat parts. */
interface ActivatedGroup {
  readonly regression: GroupRegression;
  readonly use: OutputUse;
  readonly samples: LayerSamples;
  readonly group: number;
  readonly ridge: number;
}

/**
 * Goes on from a fit with targets that ask nothing where the activation is flat, for as long as the error after
 * the activation falls on the held-back samples.
 */
async function fitActivated(task: ActivatedGroup, start: GroupFit, pause: Pause): Promise<GroupFit> {
  const { regression, samples, ridge } = task;
  const { layout, kernel, fitted } = regression;
  let best = start;
  let error = await heldBackError(task, start, pause);
  for (let round = 0; round < activationRounds; round++) {
    const blocks = await rectifiedRows(task, samples.fitted, best, pause);
    const moments = await withTargets(fitted, blocks, pause);
    let { model } = best;
    let left = roundsPerActivation;
    for (const next of improveModel(withRidge(moments, kernel, ridge), layout, kernel, model)) {
      model = next;
      await pause();
      if (--left === 0) break;
    }
    const next = { model, bias: bestBias(moments, kernelOf(layout, model)) };
    const nextError = await heldBackError(task, next, pause);
    if (!(nextError < error)) break;
    best = next;
    error = nextError;
  }
  return best;
}

async function rectifiedRows(
  task: ActivatedGroup,
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

async function heldBackError(task: ActivatedGroup, fit: GroupFit, pause: Pause): Promise<number> {
  let sum = 0;
  for (const block of task.samples.heldBack) {
    sum += activatedError(activatedRows(task, block), await predict(task, block, fit, pause));
  }
  return sum;
}

function activatedRows({ use, samples, group }: ActivatedGroup, block: SampleBlock) {
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
  { regression, group }: ActivatedGroup,
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
