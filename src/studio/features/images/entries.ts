import { isSameClass } from '../../../answers/agreement';

/** What is known of one image: its label and what networks answer. */
export interface GridEntry {
  /** Index in the opened set. */
  readonly image: number;
  /** Its class; null without labels. */
  readonly label: number | null;
  /** What the original answers; null while it was not measured. */
  readonly original: number | null;
  /** What the compressed network answers; null while it was not measured. */
  readonly compressed: number | null;
}

export interface GridSources {
  /** Which images were evaluated, in the order of the answers. */
  readonly indices: Uint32Array;
  /** Class per image of the set, or null. */
  readonly labels: Int32Array | null;
  readonly original: ArrayLike<number> | null;
  readonly compressed: ArrayLike<number> | null;
}

export type GridFilter = 'all' | 'changed' | 'wrong';

/**
 * One entry per evaluated image. First those whose answer changed – right ones that became wrong before the
 * others –, then those that stayed wrong, then those that stayed right; in the set's order among equals.
 */
export function gridEntries({ indices, labels, original, compressed }: GridSources): readonly GridEntry[] {
  const entries = Array.from(indices, (image, position) => ({
    image,
    label: labels?.[image] ?? null,
    original: original?.[position] ?? null,
    compressed: compressed?.[position] ?? null,
  }));
  return entries.sort((a, b) => urgency(a) - urgency(b) || a.image - b.image);
}

function urgency(entry: GridEntry): number {
  if (isChanged(entry)) return isWrong(entry, entry.original) ? 1 : 0;
  return isAnyWrong(entry) ? 2 : 3;
}

/** Whether the compressed network does not answer as the original does. */
export function isChanged({ original, compressed }: GridEntry): boolean {
  return original !== null && compressed !== null && !isSameClass(compressed, original);
}

/** Whether an answer to the image is wrong; unknown answers and images without labels are not. */
export function isWrong({ label }: GridEntry, answer: number | null): boolean {
  return label !== null && answer !== null && !isSameClass(answer, label);
}

/** Whether the compressed network is wrong or, where it was not measured, the original. */
export function isAnyWrong(entry: GridEntry): boolean {
  return isWrong(entry, entry.compressed ?? entry.original);
}

export function passesFilter(entry: GridEntry, filter: GridFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'changed':
      return isChanged(entry);
    case 'wrong':
      return isAnyWrong(entry);
  }
}

/** A class for a person; a network that answered nothing but NaN has none. */
export function className(names: readonly string[] | null, index: number): string {
  if (index < 0) return 'none';
  return names?.[index] ?? `class ${index}`;
}

/** "image 12: G, original G, ENC-Map C"; images count from 1. */
export function describeEntry(entry: GridEntry, names: readonly string[] | null, method: string): string {
  const { image, label, original, compressed } = entry;
  const parts = [
    label === null ? 'no label' : className(names, label),
    ...(original === null ? [] : [`original ${className(names, original)}`]),
    ...(compressed === null ? [] : [`${method} ${className(names, compressed)}`]),
  ];
  return `image ${image + 1}: ${parts.join(', ')}`;
}
