import { fail } from '../../network/failure';
import { baseName, stem, type NamedFile } from '../file';
import type { Row } from './tables';

/** What a table says: the class of each picture (a name or an index), or the index of each class. */
export type TableContent =
  | { readonly kind: 'labels'; readonly file: string; readonly labels: readonly string[] }
  | { readonly kind: 'mapping'; readonly file: string; readonly indices: ReadonlyMap<string, number> };

/**
 * Tells what a table is by what it names: pictures, or else classes. The columns are found by their content or by a
 * heading; names of pictures may come with their folders or without, with their ending or without.
 *
 * @throws FailureError `invalid-images` where a picture has no label, or the table is neither of both
 */
export function contentOf(
  file: NamedFile,
  rows: readonly Row[],
  pictures: readonly NamedFile[],
): TableContent {
  const names = namesOf(pictures);
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0);
  const hits = Array.from(
    { length: width },
    (_, column) => rows.filter((row) => names.has(row[column] ?? '')).length,
  );
  const max = Math.max(0, ...hits);
  if (max === 0) return { kind: 'mapping', file: file.name, indices: mappingOf(file, rows) };
  const nameColumn = hits.indexOf(max);
  const labelColumn = labelColumnOf(rows[0] ?? [], nameColumn);
  const byPicture = new Map<NamedFile, string>();
  for (const row of rows) {
    const picture = names.get(row[nameColumn] ?? '');
    const label = row[labelColumn] ?? '';
    if (picture && label !== '') byPicture.set(picture, label);
  }
  const without = pictures.filter((picture) => !byPicture.has(picture));
  if (without.length > 0) {
    const more = without.length > 1 ? ` and ${without.length - 1} more` : '';
    fail(
      'invalid-images',
      `${file.name}: expected a label for every picture, found none for ${without[0]!.name}${more}.`,
    );
  }
  return { kind: 'labels', file: file.name, labels: pictures.map((picture) => byPicture.get(picture)!) };
}

/** Every way to name a picture; a short name that several share names none of them. */
function namesOf(pictures: readonly NamedFile[]): ReadonlyMap<string, NamedFile> {
  const names = new Map<string, NamedFile>();
  const shared = new Set<string>();
  for (const picture of pictures) {
    for (const name of new Set([baseName(picture.name), stem(picture.name), ...pathEnds(picture.name)])) {
      if (names.has(name)) shared.add(name);
      names.set(name, picture);
    }
  }
  for (const name of shared) names.delete(name);
  return names;
}

/** `a/b/c.png` → `a/b/c.png`, `b/c.png` */
function pathEnds(name: string): string[] {
  const parts = name.split(/[/\\]/);
  return parts.slice(0, -1).map((_, index) => parts.slice(index).join('/'));
}

/** The column that a heading calls the label, or the first other one. */
function labelColumnOf(heading: Row, nameColumn: number): number {
  const named = heading.findIndex(
    (cell, column) => column !== nameColumn && /^(label|class|category|target)/i.test(cell),
  );
  if (named >= 0) return named;
  return nameColumn === 0 ? 1 : 0;
}

/** Longer numbers count no classes: no network has a million. */
const isIndex = (text: string | undefined) => /^\d{1,6}$/.test(text ?? '');

/** Names and indices in either order; a heading is passed over. */
function mappingOf({ name }: NamedFile, rows: readonly Row[]): ReadonlyMap<string, number> {
  const indices = new Map<string, number>();
  for (const [first, second] of rows) {
    if (first !== undefined && second !== undefined && isIndex(second)) indices.set(first, Number(second));
    else if (first !== undefined && second !== undefined && isIndex(first))
      indices.set(second, Number(first));
  }
  if (indices.size > 0) return indices;
  return fail(
    'invalid-images',
    `${name}: expected a table that names the pictures beside it, or the index of each class, found neither; write rows like "a.png,cat" or "cat,3".`,
  );
}
