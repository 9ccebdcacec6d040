import type { DrawnImages } from '../draw';
import type { Step, StepEntry, StepSettings } from './step';

/**
 * How a file holds weights: float16; int8 with a scale per output channel; uint8 and uint16 with one scale per
 * tensor, TF.js's own form.
 */
export const weightStorages = ['float32', 'float16', 'int8', 'uint8', 'uint16'] as const;
export type WeightStorage = (typeof weightStorages)[number];

/**
 * What a file computes in: float32; whole numbers whose ranges are known before; whole numbers where a layer's weights
 * are some, with ranges that are found as the file runs ("dynamic range").
 */
export const activationStorages = ['float32', 'int8', 'dynamic'] as const;
export type ActivationStorage = (typeof activationStorages)[number];

/** What may be asked for; `auto` is as the network's own files have it. */
export const weightChoices = ['auto', ...weightStorages] as const;
export const activationChoices = ['auto', ...activationStorages] as const;

/** How a network is to be stored. */
export interface Storage {
  readonly weights: WeightStorage;
  readonly activations: ActivationStorage;
}

/** Fewer bits for weights, and for what is computed with them. */
export const quantise: StepEntry = {
  id: 'quantise',
  label: 'Store in fewer bits',
  idea: 'Rounds weights, and the values between layers where asked, to what the file will hold.',
  defaults: { weights: 'int8', activations: 'float32' },
  isForWhole: true,
};

/**
 * Stores a network in fewer bits.
 *
 * @param images that roundings and ranges are chosen on; null leaves float16, and each weight rounded by itself
 */
export function quantiseStep(
  { weights, activations }: Storage,
  images: DrawnImages | null,
  seed: number,
): Step {
  return { kind: quantise.id, images, settings: { weights, activations }, seed };
}

/** What a step's settings say of storage; null where they say something that there is not. */
export function storageOf({ weights, activations }: StepSettings): Storage | null {
  const known = weightStorages.find((storage) => storage === weights);
  const computed = activationStorages.find((storage) => storage === activations);
  if (!known || !computed || (computed !== 'float32' && known !== 'int8')) return null;
  return { weights: known, activations: computed };
}
