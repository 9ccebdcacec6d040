import { createRandom, type Random } from '../linalg/random';
import { patchSize } from './regression/regression';
import type { Network } from '../network/graph';
import { applyPatch, type Replacement } from '../network/patch';
import { createExecutor, type Executor, type Pause } from '../engine/executor';
import type { CalibrationBatch } from './batches';
import { Frontier, type HeldValues } from './activations';
import { gatherOutputs, gatherPatches, samplePositions } from './gather';
import { maxSampledValues } from './limits';
import type { OutputUse } from './outputUse';
import type { PartSamples, SampleBlock } from './samples';
import type { RepairStep } from './steps';
import { greatest } from '../linalg/extremes';

/**
 * Patches of a layer for every value of one, within bounds: least squares over p unknowns from m rows errs by
 * about p/m more than it must, and far fewer unknowns than these remain at low rank.
 */
const rowsPerPatchValue = 150;
const minRows = 20_000;
const maxRows = 100_000;

/** Between the seeds of parts, more than a network has layers. */
const partStride = 1_000_003;

/**
 * The original network and the network that is being repaired, computed layer by layer on the same images. The
 * forward passes of a whole walk add up to one of each.
 */
export class SideBySide {
  readonly #original: Executor;
  readonly #originalFrontier: Frontier;
  readonly #repairedFrontier: Frontier;
  readonly #replacements: Replacement[];
  #repaired: Executor;

  /**
   * @param steps the layers that will be repaired
   * @param fixed layers that are what they are in the repaired network from the beginning
   * @param batches of the parts of the images that are run here
   * @param images how many there are in all parts
   */
  constructor(
    private readonly network: Network,
    steps: readonly RepairStep[],
    fixed: readonly Replacement[],
    private readonly batches: readonly CalibrationBatch[],
    private readonly images: number,
    private readonly seed: number,
  ) {
    const inputs = batches.map(({ makeInput }) => makeInput);
    const largest = greatest(batches.map(({ images }) => images));
    this.#originalFrontier = new Frontier(network.input.name, inputs, largest);
    this.#repairedFrontier = new Frontier(network.input.name, inputs, largest);
    const residuals = steps.flatMap(({ use }) => use.residual ?? []);
    const targets = steps.map(({ target }) => target.node.output);
    this.#original = createExecutor(network, { keep: [...targets, ...residuals] });
    this.#replacements = [...fixed];
    this.#repaired = createExecutor(this.repaired(), { keep: residuals });
  }

  /**
   * Samples of a layer by part: patches of the repaired network's input to it, targets from the original network.
   *
   * @param index of the layer among those that are repaired: its samples are drawn by it and the part, whatever else is
   */
  async samplesOf(step: RepairStep, index: number, pause: Pause): Promise<ReadonlyMap<number, PartSamples>> {
    const perImage = rowsPerImage(step, this.images);
    const parts = new Map<number, { random: Random; fitted: SampleBlock[]; heldBack: SampleBlock[] }>();
    for (const [batch, { images, isHeldBack, part }] of this.batches.entries()) {
      const own = parts.get(part) ?? {
        ...{ random: createRandom(this.seed + index + partStride * part), fitted: [], heldBack: [] },
      };
      parts.set(part, own);
      const positions = samplePositions(own.random, images, step.geometry.positions, perImage);
      const values = await this.#advance(step, batch, pause);
      (isHeldBack ? own.heldBack : own.fitted).push(sampleBlock(step, values, positions));
    }
    return parts;
  }

  async #advance(step: RepairStep, batch: number, pause: Pause): Promise<StepValues> {
    const { node } = step.target;
    const residual = step.use.residual === null ? [] : [step.use.residual];
    const before = node.name;
    const original = await this.#originalFrontier.advance(
      this.#original,
      batch,
      before,
      [node.output, ...residual],
      pause,
    );
    const repaired = await this.#repairedFrontier.advance(
      this.#repaired,
      batch,
      before,
      [node.inputs[0]!, ...residual],
      pause,
    );
    return { original, repaired };
  }

  /** Puts a repaired layer in its place. */
  accept(layer: Replacement): void {
    this.#replacements.push(layer);
    const next = this.#repaired.derive(this.repaired());
    this.#repaired.dispose();
    this.#repaired = next;
  }

  /** The network with all layers that were accepted. */
  repaired(): Network {
    return applyPatch(this.network, { replacements: this.#replacements });
  }

  dispose(): void {
    this.#original.dispose();
    this.#repaired.dispose();
  }
}

interface StepValues {
  readonly original: HeldValues;
  readonly repaired: HeldValues;
}

/** How many patches of a layer to take from each of so many images. */
export function rowsPerImage({ geometry }: Pick<RepairStep, 'geometry'>, images: number): number {
  const size = patchSize(geometry.layout);
  const useful = Math.min(maxRows, Math.max(minRows, rowsPerPatchValue * size));
  const rows = Math.min(useful, maxSampledValues / (geometry.groups * size));
  return Math.max(1, Math.min(geometry.positions, Math.ceil(rows / images)));
}

function sampleBlock(
  { target, geometry, use }: RepairStep,
  { original, repaired }: StepValues,
  positions: Uint32Array,
): SampleBlock {
  const { node } = target;
  const outputs = gatherOutputs(geometry, original.get(node.output)!.data, positions);
  const residualOf = (values: HeldValues) =>
    use.residual === null ? null : gatherOutputs(geometry, values.get(use.residual)!.data, positions);
  const residual = residualOf(repaired);
  const input = repaired.get(node.inputs[0]!)!.data;
  return {
    rows: positions.length,
    patches: Array.from({ length: geometry.groups }, (_, group) =>
      gatherPatches(geometry, group, input, positions),
    ),
    targets: targetsOf(use, outputs, residualOf(original), residual),
    residual,
  };
}

/** gain · output + offset of the original network, plus what the repaired network's residual lacks. */
function targetsOf(
  { gain, offset }: OutputUse,
  outputs: Float32Array,
  wanted: Float32Array | null,
  found: Float32Array | null,
): Float32Array {
  const channels = gain.length;
  const targets = new Float32Array(outputs.length);
  for (let from = 0; from < outputs.length; from += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const index = from + channel;
      const own = outputs[index]! * gain[channel]! + offset[channel]!;
      targets[index] = wanted && found ? own + wanted[index]! - found[index]! : own;
    }
  }
  return targets;
}
