import type { Detection, PresetResult } from './detecting';
import type { Preprocessing } from '../network/images';
import type { PresetId } from '../network/presets';

/** How a network answered with one preset, without the answers themselves. */
export type DetectionRow = Omit<PresetResult, 'correctByImage'>;

/** What running the presets showed, for one network and one set of images. */
export interface DetectionNote {
  /** Fingerprints. */
  readonly network: string;
  readonly images: string;
  /** The one that is taken. */
  readonly best: { readonly preset: PresetId; readonly preprocessing: Preprocessing };
  /** The best first. */
  readonly rows: readonly DetectionRow[];
  /** Whether, without labels, only the sureness of the answers decided. */
  readonly isGuess: boolean;
}

/** What is worth remembering of a detection. */
export function noteOf(network: string, images: string, detection: Detection): DetectionNote {
  const rows = detection.results.map(({ preset, preprocessing, images: count, correct, confidence }) => ({
    preset,
    preprocessing,
    images: count,
    correct,
    confidence,
  }));
  const { preset, preprocessing } = detection.best;
  return { network, images, best: { preset, preprocessing }, rows, isGuess: detection.isGuess };
}
