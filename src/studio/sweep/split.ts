import { createRandom } from '../../linalg/random';
import { splitImages, type ImageSplit } from '../../enc/split';

/** Images wanted for calibration and for selection; the report gets what is left. */
export interface SplitSizes {
  readonly calibration: number;
  readonly selection: number;
}

/** With fewer images than this every one is needed for the report. */
const leastToSplit = 16;
/** Divergence is known well enough with this many. */
const usualImages = 256;

/** Sizes unless a person chose others: a quarter for selection, a fifth for calibration, 256 each at most. */
export function defaultSizes(count: number): SplitSizes {
  if (count < leastToSplit) return { calibration: 0, selection: 0 };
  return {
    calibration: Math.min(usualImages, Math.floor(count / 5)),
    selection: Math.min(usualImages, Math.floor(count / 4)),
  };
}

/** Sizes held so that at least one image is left for the report: calibration gives way first. */
export function heldSizes(count: number, wanted: Partial<SplitSizes>): SplitSizes {
  const usual = defaultSizes(count);
  const most = Math.max(0, count - 1);
  const selection = Math.min(most, Math.max(0, wanted.selection ?? usual.selection));
  const calibration = Math.min(most - selection, Math.max(0, wanted.calibration ?? usual.calibration));
  return { calibration, selection };
}

/** The split of some images; all of its parts empty where there are no images. */
export function splitOf(count: number, seed: number, wanted: Partial<SplitSizes>): ImageSplit {
  if (count === 0) {
    return { calibration: new Uint32Array(), selection: new Uint32Array(), report: new Uint32Array() };
  }
  return splitImages(count, seed, heldSizes(count, wanted));
}

/**
 * The selection images in the order in which a sweep spends them: shuffled by the same seed, because files are
 * often sorted by class and points begin with the first few.
 */
export function sweepOrder(selection: Uint32Array, seed: number): Uint32Array {
  return createRandom(seed).shuffle(selection.slice());
}
