import type { Pause } from '../engine/executor';
import type { Moments } from './regression/regression';
import type { GroupFit } from './regression/fitLayer';
import { calibrationBatches } from './batches';
import { GroupSamples } from './groupSamples';
import { groupKernel, unrepairedGroup } from './layerGroups';
import { refittedNodes, repairPlan, type Place, type RepairPlan, type RepairSetting } from './plan';
import type { GroupMoments, LayerFits, LayerMoments, LayerQuestion, SampledRows } from './questions';
import type { RepairStep } from './steps';
import { SideBySide } from './walk';

/**
 * Some parts of a repair's images, run through the original and the repaired network layer by layer: what one thread
 * holds of a repair. It answers what fits ask of a layer's samples, part by part, and goes on to the next layer once it
 * is told what became of this one. What a part answers depends on nothing but the repair and what became of the layers
 * before, not on the share that it is in.
 */
export class RepairShare {
  readonly #plan: RepairPlan;
  readonly #sides: SideBySide;
  #done = 0;
  /** Of the layer behind those that are done: groups by part. */
  #samples: ReadonlyMap<number, readonly GroupSamples[]> | null = null;

  /**
   * @param parts which of the plan's parts, in the order in which they are answered
   * @throws FailureError as `repairPlan`
   */
  constructor(
    setting: RepairSetting,
    private readonly parts?: readonly number[],
  ) {
    this.#plan = repairPlan(setting);
    const { places, fixed } = this.#plan;
    const batches = this.#parts.flatMap((part) => {
      const { fitted, heldBack } = this.#plan.parts[part]!;
      return [
        ...calibrationBatches(setting, fitted, false, part),
        ...calibrationBatches(setting, heldBack, true, part),
      ];
    });
    const steps = places.map(({ step }) => step);
    const { network, indices, seed } = setting;
    this.#sides = new SideBySide(network, steps, fixed, batches, indices.length, seed);
  }

  /** How many layers are done. */
  get done(): number {
    return this.#done;
  }

  /** Puts in what became of the next layers. */
  accept(fits: readonly LayerFits[]): void {
    for (const own of fits) {
      const place = this.#place();
      const { node } = place.step.target;
      this.#sides.accept({ node: node.name, nodes: refittedNodes(place, own) });
      this.#done++;
      this.#samples = null;
    }
  }

  /** Samples the next layer. */
  async moments(pause: Pause): Promise<LayerMoments> {
    const parts: GroupMoments[][] = [];
    for (const groups of await this.#sampled(pause)) {
      const found: GroupMoments[] = [];
      for (const group of groups) found.push(await group.moments(pause));
      parts.push(found);
    }
    return { question: questionOf(this.#place().step), parts };
  }

  /** See `RepairHelpers`; of the next layer. */
  async rectified(
    group: number,
    fit: GroupFit,
    of: SampledRows,
    pause: Pause,
  ): Promise<readonly (Moments | null)[]> {
    const answers: (Moments | null)[] = [];
    for (const groups of await this.#sampled(pause))
      answers.push(await groups[group]!.rectified(fit, of, pause));
    return answers;
  }

  /** See `RepairHelpers`; of the next layer. */
  async heldBackError(group: number, fit: GroupFit, pause: Pause): Promise<readonly number[]> {
    const answers: number[] = [];
    for (const groups of await this.#sampled(pause))
      answers.push(await groups[group]!.heldBackError(fit, pause));
    return answers;
  }

  dispose(): void {
    this.#sides.dispose();
  }

  get #parts(): readonly number[] {
    return this.parts ?? this.#plan.parts.map((_, part) => part);
  }

  #place(): Place {
    const place = this.#plan.places[this.#done];
    if (!place) throw new RangeError(`RepairShare: expected a layer behind ${this.#done}, found none`);
    return place;
  }

  async #sampled(pause: Pause): Promise<readonly (readonly GroupSamples[])[]> {
    const { step } = this.#place();
    if (!this.#samples) {
      const samples = await this.#sides.samplesOf(step, this.#done, pause);
      const groups = Array.from({ length: step.geometry.groups }, (_, group) => group);
      this.#samples = new Map(
        [...samples].map(([part, own]) => [part, groups.map((group) => new GroupSamples(step, group, own))]),
      );
    }
    return this.#parts.map((part) => this.#samples!.get(part)!);
  }
}

function questionOf({ target, geometry, use }: RepairStep): LayerQuestion {
  return {
    name: target.node.name,
    layout: geometry.layout,
    bounds: use.bounds,
    groups: Array.from({ length: geometry.groups }, (_, group) => ({
      kernel: groupKernel(target, group, use),
      unrepaired: unrepairedGroup(target, group, use),
    })),
  };
}
