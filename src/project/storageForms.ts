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

/** Ways of storing that some format of the offered ones holds. */
export function storageForms(offered: readonly OfferedForm[]): readonly StorageForm[] {
  const weights = (Object.keys(titles) as WeightStorage[]).filter((id) =>
    offered.some((form) => holds(form, { weights: id, activations: 'float32' })),
  );
  const levels: Storage = { weights: 'int8', activations: 'int8' };
  return [
    ...weights.map((id) => ({ weights: id, activations: 'float32' as ActivationStorage, title: titles[id] })),
    ...(offered.some((form) => holds(form, levels))
      ? [{ ...levels, title: 'int8, computed in whole numbers' }]
      : []),
  ];
}

/** Whether files of a form hold a way of storing. */
export function holds({ weights, holdsLevels }: OfferedForm, storage: Storage): boolean {
  const known = ['float32', ...weights];
  return known.includes(storage.weights) && (storage.activations === 'float32' || holdsLevels);
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

/** How a network's own files hold it, in words; none where that is float32. */
export function holdingTexts(holding: Holding | undefined): readonly string[] {
  if (!holding || holding.weights === 'float32') return [];
  const { weights, activations } = holding;
  return [activations === 'int8' ? `${weights}, computed in whole numbers` : `${weights} weights`];
}
