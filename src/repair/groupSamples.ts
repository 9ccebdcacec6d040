import * as tf from '@tensorflow/tfjs-core';
import type { Pause } from '../engine/executor';
import { readBack } from '../engine/readback';
import { momentsOfRows, momentsOfTargets, requireFinite } from './moments';
import type { GroupFit } from './regression/fitLayer';
import { kernelOf } from './regression/model';
import { activatedError, rectifiedTargets } from './regression/rectify';
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
    for (const block of this.samples.heldBack)
      sum += activatedError(this.#activatedRows(block), await this.#predict(block, fit, pause));
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
    const rows: Rows[] = [];
    for (const block of blocks) {
      const predictions = await this.#predict(block, fit, pause);
      const targets = rectifiedTargets(this.#activatedRows(block), predictions);
      rows.push({ count: block.rows, patches: block.patches[this.group]!, targets });
    }
    return rows;
  }

  #activatedRows(block: SampleBlock) {
    const { geometry, use } = this.step;
    const { outputChannels, layout } = geometry;
    const part = (rows: Float32Array) => groupColumns(rows, outputChannels, this.group, layout.outputs);
    return {
      targets: part(block.targets),
      residual: block.residual && part(block.residual),
      bounds: use.bounds,
    };
  }

  /** What a fit answers to the patches of a block, rows × outputs, computed on the engine. */
  async #predict(block: SampleBlock, { model, bias }: GroupFit, pause: Pause): Promise<Float32Array> {
    const { layout } = this.step.geometry;
    const size = patchSize(layout);
    const kernel = tf.tensor2d(Float32Array.from(kernelOf(layout, model)), [size, layout.outputs]);
    const offset = tf.tensor1d(Float32Array.from(bias));
    const predictions = new Float32Array(block.rows * layout.outputs);
    const whole: Rows = { count: block.rows, patches: block.patches[this.group]!, targets: predictions };
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
}
