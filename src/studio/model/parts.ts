import { splitImages } from '../../enc/split';
import type { ImagesSummary } from '../../../workers/protocol/service';

/** How many images of a set serve for repair and for choosing ranks; what is left is for the report. */
export interface SplitSizes {
  readonly calibration: number;
  readonly selection: number;
}

/** Some images of a set. */
export interface ImagePart {
  /** Fingerprint of the set. */
  readonly images: string;
  readonly indices: Uint32Array;
  /** Class per image of the part, or null without labels. */
  readonly labels: Int32Array | null;
}

/** The three uses of images, which share none (DESIGN section 3). */
export interface ImageParts {
  readonly calibration: ImagePart;
  readonly selection: ImagePart;
  readonly report: ImagePart;
  readonly sizes: SplitSizes;
}

const maxCalibration = 500;
const maxSelection = 256;
/** Fewer images than this are not split: nothing would be left to say anything. */
const minToSplit = 32;

/** A quarter of the images each, up to what is useful; a set that is there for this alone is shared in halves. */
export function defaultSizes(count: number, isForTuning: boolean): SplitSizes {
  if (count < minToSplit) return { calibration: 0, selection: 0 };
  const share = Math.floor(isForTuning ? (count - 1) / 2 : count / 4);
  return { calibration: Math.min(maxCalibration, share), selection: Math.min(maxSelection, share) };
}

/** Sizes that a set can give: whole, not negative, and one image at least left over. */
export function heldSizes(count: number, { calibration, selection }: SplitSizes): SplitSizes {
  const whole = (value: number, max: number) => Math.max(0, Math.min(Math.floor(value), Math.max(0, max)));
  const first = whole(calibration, count - 1);
  return { calibration: first, selection: whole(selection, count - 1 - first) };
}

/**
 * Splits images once, by seed. Where there is a set of its own for tuning, calibration and selection images come
 * from it and every other image is for the report.
 *
 * @param sizes null for the default ones
 */
export function splitParts(
  images: ImagesSummary,
  tuning: ImagesSummary | null,
  seed: number,
  sizes: SplitSizes | null,
): ImageParts {
  const source = tuning ?? images;
  const held = heldSizes(source.count, sizes ?? defaultSizes(source.count, tuning !== null));
  const { calibration, selection, report } = splitImages(source.count, seed, held);
  return {
    calibration: partOf(source, calibration),
    selection: partOf(source, selection),
    report: tuning ? partOf(images, allOf(images.count)) : partOf(images, report),
    sizes: held,
  };
}

function allOf(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}

function partOf({ fingerprint, labels }: ImagesSummary, indices: Uint32Array): ImagePart {
  return {
    images: fingerprint,
    indices,
    labels: labels && Int32Array.from(indices, (index) => labels[index] ?? -1),
  };
}
