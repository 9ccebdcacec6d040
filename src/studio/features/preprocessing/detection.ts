import type { Detection, PresetResult } from '../../../project/detecting';
import { wilsonInterval } from '../../../linalg/intervals';
import type { Preprocessing } from '../../../network/images';
import type { PresetId } from '../../../network/presets';
import { formatHalfWidth, formatInteger, formatPercent } from '../../../project/numbers';
import { samePreprocessing } from '../../../project/preprocessing';

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

/** The row that detection took; the best comes first. */
export function isTaken({ best }: DetectionNote, row: DetectionRow): boolean {
  return samePreprocessing(row.preprocessing, best.preprocessing);
}

/** "92.8 % ±2.8": right answers with half their Wilson interval in points; mean confidence without labels. */
export function scoreText({ correct, images, confidence }: DetectionRow): string {
  if (correct === null) return formatPercent(confidence);
  return `${formatPercent(correct / images)} ${formatHalfWidth(wilsonInterval(correct, images))}`;
}

/** How the preprocessing in use was found, in few words; null where detection did not find it. */
export function originText(note: DetectionNote | null, inUse: Preprocessing): string | null {
  if (!note || !samePreprocessing(note.best.preprocessing, inUse)) return null;
  const { correct, images, confidence } = note.rows.find((row) => isTaken(note, row)) ?? note.rows[0]!;
  const on = `on ${formatInteger(images)} images`;
  if (correct !== null) return `detected: ${formatPercent(correct / images)} ${on}`;
  return `guessed: ${formatPercent(confidence)} sure ${on}`;
}
