import { wilsonInterval } from '../linalg/intervals';
import type { Preprocessing } from '../network/images';
import type { DetectionNote, DetectionRow } from './detection';
import { originalMeasurement } from './measurements';
import { formatPercent } from './numbers';
import { describePreprocessing, samePreprocessing } from './preprocessing';
import type { ProjectState } from './state';

/** Right answers among some images. */
export interface Share {
  readonly correct: number;
  readonly images: number;
}

/** Whether so many right answers are no better than guessing one of the classes would be (95 % interval). */
export function isChance({ correct, images }: Share, classes: number): boolean {
  return images === 0 || wilsonInterval(correct, images).low <= 1 / classes;
}

/** Right answers of the untouched network on the report images; null before it was measured, and without labels. */
export function originalShare(state: ProjectState): Share | null {
  const original = originalMeasurement(state);
  return !original || original.top1 === null ? null : { correct: original.top1, images: original.count };
}

/** Whether the untouched network is known to do no better than chance on the images that are open. */
export function isAtChance(state: ProjectState): boolean {
  const share = originalShare(state);
  const classes = state.network?.summary.classes ?? 0;
  // Of a few images nothing can be told.
  return share !== null && share.images >= classes && isChance(share, classes);
}

/** A preset that was tried and is better than the preprocessing in use, which is no better than chance. */
export interface PreprocessingDoubt {
  readonly inUse: Preprocessing;
  readonly share: Share;
  readonly better: DetectionRow & { readonly correct: number };
}

/**
 * The preset to take instead, where the preprocessing in use gives chance accuracy and another one does not.
 *
 * @param note what trying every preset showed for this network and these images
 */
export function doubtOf(
  inUse: Preprocessing,
  share: Share,
  classes: number,
  { best, rows }: DetectionNote,
): PreprocessingDoubt | null {
  if (!isChance(share, classes) || samePreprocessing(best.preprocessing, inUse)) return null;
  const row = rows.find(({ preprocessing }) => samePreprocessing(preprocessing, best.preprocessing));
  if (!row || row.correct === null) return null;
  const better = { ...row, correct: row.correct };
  return isChance(better, classes) ? null : { inUse, share, better };
}

/** "With RGB, 0 to 1 the network answers 8.3 % of 12 images right, no better than chance; with RGB, Raw 100.0 % of 12." */
export function doubtText({ inUse, share, better }: PreprocessingDoubt): string {
  const part = ({ correct, images }: Share) => `${formatPercent(correct / images)} of ${images} images`;
  return (
    `With ${describePreprocessing(inUse)} the network answers ${part(share)} right, no better than chance; ` +
    `with ${describePreprocessing(better.preprocessing)} ${part(better)}.`
  );
}

/** The doubt about the preprocessing in use; null where there is none, or nothing was tried. */
export function preprocessingDoubtOf(state: ProjectState): PreprocessingDoubt | null {
  const { network, images, document } = state;
  const { detection, settings } = document;
  const share = originalShare(state);
  const isOfThese =
    detection?.network === network?.summary.fingerprint && detection?.images === images?.fingerprint;
  if (!network || !share || !detection || !isOfThese) return null;
  return doubtOf(settings.preprocessing, share, network.summary.classes, detection);
}
