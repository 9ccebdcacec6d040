import type { NamedFile } from '../file';

/** Finds the picture that a table names; undefined where it names none, or not exactly one. */
export type PictureFinder = (cell: string) => NamedFile | undefined;

/**
 * Tables are seldom written where the pictures lie now: their paths may start elsewhere, lead over back-slashes or
 * from `./`, differ in capitals, or leave the ending out or have another. The longest end of a path that names
 * exactly one picture counts, spelt as it is if possible.
 */
export function pictureFinder(pictures: readonly NamedFile[]): PictureFinder {
  // Every text beside the pictures may be a table that names them.
  const known = finders.get(pictures) ?? makeFinder(pictures);
  finders.set(pictures, known);
  return known;
}

const finders = new WeakMap<readonly NamedFile[], PictureFinder>();

function makeFinder(pictures: readonly NamedFile[]): PictureFinder {
  const spellings = [
    uniqueNames(pictures, (path) => path),
    uniqueNames(pictures, folded),
    uniqueNames(pictures, (path) => folded(withoutEnding(path))),
  ];
  return (cell) => {
    const path = plainPath(cell);
    if (path === '') return undefined;
    const written = [path, folded(path), folded(path), folded(withoutEnding(path))];
    const known = [spellings[0]!, spellings[1]!, spellings[2]!, spellings[2]!];
    for (const [index, own] of written.entries()) {
      const found = longestKnownEnd(own, known[index]!);
      if (found) return found;
    }
    return undefined;
  };
}

/** Whether a text looks like the name of a picture's file. */
export function looksLikePicture(cell: string): boolean {
  return /\.(jpe?g|png|webp|gif|bmp|tiff?|ppm|pgm)$/i.test(cell);
}

/** Every end of every picture's path; null for those that several share. */
type Ends = ReadonlyMap<string, NamedFile | null>;

function uniqueNames(pictures: readonly NamedFile[], spelling: (path: string) => string): Ends {
  const names = new Map<string, NamedFile | null>();
  for (const picture of pictures)
    for (const end of pathEnds(spelling(plainPath(picture.name))))
      names.set(end, names.has(end) ? null : picture);
  return names;
}

function longestKnownEnd(path: string, ends: Ends): NamedFile | undefined {
  for (const end of pathEnds(path)) {
    const found = ends.get(end);
    if (found !== undefined) return found ?? undefined;
  }
  return undefined;
}

/** More folders than any system keeps inside one another; a cell may hold a million slashes. */
const maxParts = 100;

/** `a/b/c.png` → `a/b/c.png`, `b/c.png`, `c.png` */
function pathEnds(path: string): string[] {
  const parts = path.split('/').slice(-maxParts);
  return parts.map((_, index) => parts.slice(index).join('/'));
}

/** With slashes, and without what leads nowhere: `.\a\b.png` → `a/b.png`. */
function plainPath(cell: string): string {
  return cell
    .trim()
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function withoutEnding(path: string): string {
  return path.replace(/(?<=[^/])\.[^./]*$/, '');
}
