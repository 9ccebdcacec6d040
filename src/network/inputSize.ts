import type { Extent } from './graph';

/** "224x160": height, then width. */
export function inputSizeText({ height, width }: Extent): string {
  return `${height}x${width}`;
}

/** Largest side that is taken from a person: a slip of the finger asks for no terabytes. */
const maxSide = 16384;

/** A size as {@link inputSizeText} writes it, or one number for a square; null where the text is none. */
export function parseInputSize(text: string): Extent | null {
  const [, first, second = first] = /^\s*(\d{1,5})\s*(?:[x×,]\s*(\d{1,5})\s*)?$/i.exec(text) ?? [];
  const height = Number(first);
  const width = Number(second);
  const isSide = (side: number) => side >= 1 && side <= maxSide;
  return isSide(height) && isSide(width) ? { height, width } : null;
}
