import * as tf from '@tensorflow/tfjs-core';
import type { Pause } from '../engine/executor';
import { currentHeap } from '../engine/convolution/heap';
import { readBack } from '../engine/readback';
import { momentsOfRows, momentsOfTargets, requireFinite } from './moments';
import type { GroupFit } from './regression/fitLayer';
import { kernelOf } from './regression/model';
import { activatedError, rectifiedTargets, type ActivatedRows } from './regression/rectify';
import { joinedMoments, patchSize, type Moments } from './regression/regression';
import { rowSlices, type Rows } from './rows';
import { groupColumns, type PartSamples, type SampleBlock } from './samples';
import type { GroupMoments, SampledRows } from './questions';
import type { RepairStep } from './steps';

/** The samples that one part of the images gives of one group of a layer, and what fits ask of them. */
export class GroupSamples {
  /** Means of the patches, once {@link moments} were asked for. */
  #means: { readonly fitted: Float64Array | null; readonly heldBack: Float64Array | null } | null = null;

  constructor(
    private readonly step: RepairStep,
    private readonly group: number,
    private readonly samples: PartSamples,
  ) {}

  /** @throws FailureError `invalid-network` where the layer reads or answers what is no number */
  async moments(pause: Pause): Promise<GroupMoments> {
    const found = {
      fitted: await this.#momentsOf(this.samples.fitted, pause),
      heldBack: await this.#momentsOf(this.samples.heldBack, pause),
    };
    this.#means = {
      fitted: found.fitted?.patchMean.slice() ?? null,
      heldBack: found.heldBack?.patchMean.slice() ?? null,
    };
    return found;
  }

  /** Moments with targets that ask nothing where the activation is flat, about a fit; null where there are no such images. */
  async rectified(fit: GroupFit, of: SampledRows, pause: Pause): Promise<Moments | null> {
    if (!this.#means) await this.moments(pause);
    const { fitted, heldBack } = this.#means!;
    const { layout } = this.step.geometry;
    const parts: Moments[] = [];
    const add = async (mean: Float64Array | null, blocks: readonly SampleBlock[]) => {
      if (!mean) return;
      const rows = await this.#rectifiedRows(blocks, fit, pause);
      parts.push(await momentsOfTargets(mean, layout.outputs, rows, pause));
    };
    await add(fitted, this.samples.fitted);
    if (of === 'all') await add(heldBack, this.samples.heldBack);
    return parts.length > 0 ? joinedMoments(parts) : null;
  }

  /** Sum of squared errors of a fit after the activation, on the held-back images. */
  async heldBackError(fit: GroupFit, pause: Pause): Promise<number> {
    let sum = 0;
    await this.#predict(this.samples.heldBack, fit, pause, (rows, predictions) => {
      sum += activatedError(rows, predictions);
    });
    return sum;
  }

  async #momentsOf(blocks: readonly SampleBlock[], pause: Pause): Promise<Moments | null> {
    if (blocks.length === 0) return null;
    const { target, geometry } = this.step;
    const { layout, outputChannels } = geometry;
    const rows = blocks.map((block) => ({
      count: block.rows,
      patches: block.patches[this.group]!,
      targets: groupColumns(block.targets, outputChannels, this.group, layout.outputs),
    }));
    const found = await momentsOfRows(rows, patchSize(layout), layout.outputs, pause);
    return requireFinite(target.node.name, found);
  }

  async #rectifiedRows(
    blocks: readonly SampleBlock[],
    fit: GroupFit,
    pause: Pause,
  ): Promise<readonly Rows[]> {
    const { outputs } = this.step.geometry.layout;
    const rows = blocks.map((block) => ({
      count: block.rows,
      patches: block.patches[this.group]!,
      targets: new Float32Array(block.rows * outputs),
    }));
    await this.#predict(blocks, fit, pause, (activated, predictions, block, from) =>
      rows[block]!.targets.set(rectifiedTargets(activated, predictions), from * outputs),
    );
    return rows;
  }

  /** Targets, and what is added before the activation, of some rows of a block. */
  #activatedRows(block: SampleBlock): ActivatedRows {
    const { geometry, use } = this.step;
    const { outputChannels, layout } = geometry;
    const part = (rows: Float32Array) => groupColumns(rows, outputChannels, this.group, layout.outputs);
    return {
      targets: part(block.targets),
      residual: block.residual && part(block.residual),
      bounds: use.bounds,
    };
  }

  /**
   * Computes on the engine what a fit answers to patches, some rows at a time.
   *
   * @param use is told of the rows, what the fit answers to them (rows × outputs, to be used at once), which block they
   * are of and where they begin
   */
  async #predict(
    blocks: readonly SampleBlock[],
    { model, bias }: GroupFit,
    pause: Pause,
    use: (rows: ActivatedRows, predictions: Float32Array, block: number, from: number) => void,
  ): Promise<void> {
    const { layout } = this.step.geometry;
    const { outputs } = layout;
    const size = patchSize(layout);
    const kernel = tf.tensor2d(Float32Array.from(kernelOf(layout, model)), [size, outputs]);
    const offset = tf.tensor1d(Float32Array.from(bias));
    try {
      for (const [index, block] of blocks.entries()) {
        const { targets, residual, bounds } = this.#activatedRows(block);
        let from = 0;
        for (const { count, patches, targets: own } of rowSlices(
          { count: block.rows, patches: block.patches[this.group]!, targets },
          size,
          outputs,
        )) {
          await pause();
          const product = tf.tidy(() =>
            tf.add(tf.matMul(tf.tensor2d(patches, [count, size]), kernel), offset),
          );
          const added = residual?.subarray(from * outputs, (from + count) * outputs) ?? null;
          const rows = { targets: own, residual: added, bounds };
          try {
            use(rows, currentHeap()?.valuesOf(product) ?? (await readBack(product)), index, from);
          } finally {
            product.dispose();
          }
          from += count;
        }
      }
    } finally {
      tf.dispose([kernel, offset]);
    }
  }
}
