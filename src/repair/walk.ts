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
  readonly #rooms = new Rooms();
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
    const here = batches.reduce((sum, batch) => sum + batch.images, 0);
    const frontier = () => new Frontier(network.input.name, inputs, largest, here / images);
    this.#originalFrontier = frontier();
    this.#repairedFrontier = frontier();
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
      const random = createRandom(this.seed + index + partStride * part);
      const own = parts.get(part) ?? { random, fitted: [], heldBack: [] };
      parts.set(part, own);
      const positions = samplePositions(own.random, images, step.geometry.positions, perImage);
      const block = await this.#sample(step, batch, positions, pause);
      (isHeldBack ? own.heldBack : own.fitted).push(block);
    }
    return parts;
  }

  async #sample(
    { target, geometry, use }: RepairStep,
    batch: number,
    positions: Uint32Array,
    pause: Pause,
  ): Promise<SampleBlock> {
    const { node } = target;
    const { residual: other } = use;
    const besides = other === null ? [] : [other];
    const residualIn = (values: HeldValues) =>
      other === null ? null : gatherOutputs(geometry, values.get(other)!.data, positions);
    const original = await this.#originalFrontier.advance(
      this.#original,
      batch,
      node.name,
      [node.output, ...besides],
      (values) => ({
        outputs: gatherOutputs(geometry, values.get(node.output)!.data, positions),
        residual: residualIn(values),
      }),
      pause,
    );
    const input = node.inputs[0]!;
    const size = patchSize(geometry.layout);
    const { patches, residual } = await this.#repairedFrontier.advance(
      this.#repaired,
      batch,
      node.name,
      [input, ...besides],
      (values) => ({
        patches: Array.from({ length: geometry.groups }, (_, group) => {
          const room = this.#rooms.take(positions.length * size);
          return gatherPatches(geometry, group, values.get(input)!.data, positions, room);
        }),
        residual: residualIn(values),
      }),
      pause,
    );
    const targets = targetsOf(use, original.outputs, original.residual, residual);
    return { rows: positions.length, patches, targets, residual };
  }

  /** Puts a repaired layer in its place; nobody reads its samples any more. */
  accept(layer: Replacement): void {
    this.#rooms.turn();
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
    this.#originalFrontier.dispose();
    this.#repairedFrontier.dispose();
    this.#original.dispose();
    this.#repaired.dispose();
  }
}

/** Arrays of the last layer's patches, which are as long as those of the next one as a rule: new memory costs time. */
class Rooms {
  #free = new Map<number, Float32Array[]>();
  #taken: Float32Array[] = [];

  /** Values are whatever lies there. */
  take(length: number): Float32Array {
    const room = this.#free.get(length)?.pop() ?? new Float32Array(length);
    this.#taken.push(room);
    return room;
  }

  /** What was taken may be taken again; what was not is let go of. */
  turn(): void {
    this.#free = new Map();
    for (const room of this.#taken) {
      const own = this.#free.get(room.length) ?? [];
      own.push(room);
      this.#free.set(room.length, own);
    }
    this.#taken = [];
  }
}

/** How many patches of a layer to take from each of so many images. */
export function rowsPerImage({ geometry }: Pick<RepairStep, 'geometry'>, images: number): number {
  const size = patchSize(geometry.layout);
  const useful = Math.min(maxRows, Math.max(minRows, rowsPerPatchValue * size));
  const rows = Math.min(useful, maxSampledValues / (geometry.groups * size));
  return Math.max(1, Math.min(geometry.positions, Math.ceil(rows / images)));
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
