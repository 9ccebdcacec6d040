import { FAMILIES } from './families';
import type { ImageSetName } from './families';
import type { SourcePackage } from './sources';
import { CLASS_NAMES, IMAGE_CHANNELS, IMAGE_SIDE, NORMALISATION, SEED } from './task';
import type { NetworkName, NETWORKS } from './task';
import type { TrainingReport } from './train';

/** A file beside the manifest. */
export interface ShippedFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** How many of a set's images a network gets right. */
export interface Accuracy {
  readonly images: 'validation';
  readonly correct: number;
  readonly count: number;
  readonly fraction: number;
}

export interface ImageSetEntry {
  readonly count: number;
  /** SHA-256 of the records before packing: the identity of the images. */
  readonly recordsSha256: string;
  readonly fontFamilies: readonly string[];
}

export interface ShippedImageSet extends ImageSetEntry, ShippedFile {
  readonly layout: 'gzip of CIFAR-10 binary: per image 1 label byte, then 1024 bytes each of R, G, B';
  readonly licence: string;
}

export interface NetworkEntry extends ShippedFile {
  readonly name: NetworkName;
  readonly title: string;
  readonly description: string;
  readonly licence: string;
  readonly parameters: number;
  readonly macs: number;
  readonly accuracy: Accuracy;
  readonly operators: Readonly<Record<string, number>>;
  readonly layers: TrainingReport['layers'];
  readonly training: { readonly epochs: number; readonly losses: readonly number[] };
}

/** What `public/samples/manifest.json` holds. */
export interface Manifest {
  readonly seed: number;
  readonly classNames: readonly string[];
  readonly input: {
    readonly name: string;
    readonly output: string;
    readonly layout: 'NCHW';
    readonly channels: number;
    readonly height: number;
    readonly width: number;
    readonly channelOrder: string;
    readonly mean: readonly number[];
    readonly scale: number;
    readonly formula: string;
  };
  readonly networks: readonly NetworkEntry[];
  readonly imageSets: {
    readonly calibration: ShippedImageSet;
    readonly validation: ShippedImageSet;
    /** Not shipped: rendered again by the recipe. */
    readonly train: ImageSetEntry;
  };
  readonly sources: readonly SourcePackage[];
  readonly madeWith: { readonly chromium: string; readonly torch: string };
}

/** Licence of what the recipe makes. */
export const PRODUCT_LICENCE = 'MIT';

/** What all samples share: seed, classes, input. */
export function sharedEntries(): Pick<Manifest, 'seed' | 'classNames' | 'input'> {
  return {
    seed: SEED,
    classNames: CLASS_NAMES,
    input: {
      name: 'image',
      output: 'logits',
      layout: 'NCHW',
      channels: IMAGE_CHANNELS,
      height: IMAGE_SIDE,
      width: IMAGE_SIDE,
      ...NORMALISATION,
      formula: '(pixel - mean) * scale',
    },
  };
}

/** The entry of an image set that is not shipped. */
export function imageSetEntry(set: ImageSetName, count: number, recordsSha256: string): ImageSetEntry {
  return { count, recordsSha256, fontFamilies: FAMILIES[set] };
}

/** The entry of a shipped image set. */
export function shippedImageSet(entry: ImageSetEntry, file: ShippedFile): ShippedImageSet {
  const layout = 'gzip of CIFAR-10 binary: per image 1 label byte, then 1024 bytes each of R, G, B';
  return { ...file, ...entry, layout, licence: PRODUCT_LICENCE };
}

/** The entry of a network, from what its training reported. */
export function networkEntry(
  network: (typeof NETWORKS)[number],
  file: ShippedFile,
  report: TrainingReport,
): NetworkEntry {
  const { correct, images, parameters, macs, operators, layers, epochs, losses } = report;
  return {
    ...network,
    ...file,
    licence: PRODUCT_LICENCE,
    parameters,
    macs,
    accuracy: { images: 'validation', correct, count: images, fraction: correct / images },
    operators,
    layers,
    training: { epochs, losses },
  };
}
