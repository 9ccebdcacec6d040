import type { DetectionNote, DetectionRow } from '../../../project/detection';
import { wilsonInterval } from '../../../linalg/intervals';
import type { Preprocessing } from '../../../network/images';
import { formatHalfWidth, formatInteger, formatPercent } from '../../../project/numbers';
import { samePreprocessing } from '../../../project/preprocessing';

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
