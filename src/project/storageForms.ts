import type { ActivationStorage, Storage, WeightStorage } from '../compression/steps/quantise';
import type { Holding } from '../network/holding';
import type { OfferedForm } from '../../workers/protocol/summaries';

/** A way of storing that a person may choose. */
export interface StorageForm extends Storage {
  /** For a person. */
  readonly title: string;
}

const titles: Readonly<Record<WeightStorage, string>> = {
  float32: 'float32, as computed',
  float16: 'float16, half the size',
  int8: 'int8, a quarter',
  uint8: 'uint8, a quarter (TF.js)',
  uint16: 'uint16, half (TF.js)',
};

const wholeNumbers: readonly StorageForm[] = [
  { weights: 'int8', activations: 'int8', title: 'int8, computed in whole numbers' },
  { weights: 'int8', activations: 'dynamic', title: 'int8, dynamic range (TensorFlow Lite)' },
];

/** Ways of storing that some format of the offered ones holds. */
export function storageForms(offered: readonly OfferedForm[]): readonly StorageForm[] {
  const weights = (Object.keys(titles) as WeightStorage[]).filter((id) =>
    offered.some((form) => holds(form, { weights: id, activations: 'float32' })),
  );
  return [
    ...weights.map((id) => ({ weights: id, activations: 'float32' as ActivationStorage, title: titles[id] })),
    ...wholeNumbers.filter((storage) => offered.some((form) => holds(form, storage))),
  ];
}

/** Whether files of a form hold a way of storing. */
export function holds({ weights, holdsLevels, holdsDynamic }: OfferedForm, storage: Storage): boolean {
  const known = ['float32', ...weights];
  const computes = { float32: true, int8: holdsLevels, dynamic: holdsDynamic };
  return known.includes(storage.weights) && computes[storage.activations];
}

const bytesOf: Readonly<Record<WeightStorage, number>> = {
  float32: 4,
  float16: 2,
  int8: 1,
  uint8: 1,
  uint16: 2,
};

/** Bytes that weights take at least: predicted, without what a format needs beside them. */
export function storedBytes(parameters: number, { weights }: Storage): number {
  return parameters * bytesOf[weights];
}

const computingTexts: Readonly<Record<Storage['activations'], (weights: string) => string>> = {
  float32: (weights) => `${weights} weights`,
  int8: (weights) => `${weights}, computed in whole numbers`,
  dynamic: (weights) => `${weights} weights, dynamic range`,
};

/** How a network is stored, in a few words: a line of a table. */
export function storageText({ weights, activations }: Storage): string {
  if (activations === 'int8') return `${weights} weights and activations`;
  return computingTexts[activations](weights);
}

/** How a network's own files hold it, in words; none where that is float32. */
export function holdingTexts(holding: Holding | undefined): readonly string[] {
  if (!holding || holding.weights === 'float32') return [];
  return [computingTexts[holding.activations](holding.weights)];
}
