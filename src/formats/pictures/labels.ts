import { fail } from '../../network/failure';
import { baseName, type NamedFile } from '../file';
import type { ClassSources } from './classes';
import { labelColumns, type ColumnCandidate } from './labelColumns';
import { looksLikePicture, pictureFinder, type PictureFinder } from './pictureNames';
import type { Row } from './tables';

/** A table whose rows name pictures. */
export interface PictureTable {
  readonly file: string;
  /** null where its first row is one like the others. */
  readonly headings: Row | null;
  readonly nameColumn: number;
  readonly rows: readonly Row[];
  /** What each row names. */
  readonly pictures: readonly (NamedFile | undefined)[];
}

/** What tables say of each picture's class. */
export interface TableLabels {
  readonly file: string;
  /** The likeliest first; classes in the order of the pictures. */
  readonly columns: readonly ColumnCandidate[];
  readonly notes: readonly string[];
}

/**
 * A table as one that names pictures: the column that names the most of them, with their folders or without.
 * Null where none names any.
 */
export function pictureTableOf(
  file: NamedFile,
  rows: readonly Row[],
  pictures: readonly NamedFile[],
): PictureTable | null {
  const find = finderBeside(file, pictureFinder(pictures));
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0);
  let best: { column: number; found: (NamedFile | undefined)[]; hits: number } | null = null;
  for (let column = 0; column < width; column++) {
    const found = rows.map((row) => find(row[column] ?? ''));
    const hits = new Set(found.filter((picture) => picture !== undefined)).size;
    if (hits > (best?.hits ?? 0)) best = { column, found, hits };
  }
  if (!best) return null;
  const { column: nameColumn, found } = best;
  const isHeaded = found[0] === undefined && !looksLikePicture(rows[0]?.[nameColumn] ?? '');
  const from = isHeaded ? 1 : 0;
  return {
    file: baseName(file.name),
    headings: isHeaded ? rows[0]! : null,
    nameColumn,
    rows: rows.slice(from),
    pictures: found.slice(from),
  };
}

/** Names in a table are, above all, those of the folder that it lies in. */
function finderBeside({ name }: NamedFile, find: PictureFinder): PictureFinder {
  const folder = name.slice(0, name.length - baseName(name).length);
  return (cell) => (cell === '' ? undefined : (find(folder + cell) ?? find(cell)));
}

/** The first text of a table that looks like a picture's name; null where no column holds such names. */
export function namedPicture(rows: readonly Row[]): string | null {
  const named = rows.map((row) => row.find(looksLikePicture));
  const count = named.filter((cell) => cell !== undefined).length;
  return count * 2 >= rows.length ? (named.find((cell) => cell !== undefined) ?? null) : null;
}

/**
 * The classes of pictures as tables give them; tables with the same headings, as those of training and validation
 * folders, count together.
 *
 * @param tables at least one; the one that names the most pictures decides
 * @throws FailureError `invalid-images` where a picture has no label
 */
export function tableLabels(
  tables: readonly PictureTable[],
  pictures: readonly NamedFile[],
  sources: ClassSources,
): TableLabels {
  const ordered = tables.toSorted((a, b) => namedCount(b) - namedCount(a));
  const [first] = ordered;
  const same = ordered.filter((table) => headingKey(table) === headingKey(first!));
  const file = first!.file;
  const rows = rowsByPicture(same);
  const own = pictures.map((picture) => rows.get(picture)?.at(-1) ?? []);
  const columns = labelColumns(first!.headings, own, first!.nameColumn, sources);
  if (columns.length === 0)
    return fail(
      'invalid-images',
      `${file}: expected a column with the class of each picture, found none beside their names; write rows like "a.png,cat".`,
    );
  const notes = [...strayNotes(same), ...severalRowsNotes(rows, first!.nameColumn)];
  requireLabels(file, pictures, columns[0]!, notes);
  const whole = columns.filter(({ classes }) => classes.every((name) => name !== ''));
  return { file, columns: whole, notes: [...notes, ...severalClassesNotes(pictures, columns[0]!)] };
}

const namedCount = ({ pictures }: PictureTable) => new Set(pictures.filter((one) => one)).size;
const headingKey = ({ headings, nameColumn }: PictureTable) => JSON.stringify([headings, nameColumn]);

function rowsByPicture(tables: readonly PictureTable[]): ReadonlyMap<NamedFile, readonly Row[]> {
  const rows = new Map<NamedFile, Row[]>();
  for (const { pictures, rows: own } of tables) {
    for (const [index, picture] of pictures.entries()) {
      if (!picture) continue;
      const known = rows.get(picture);
      if (known) known.push(own[index]!);
      else rows.set(picture, [own[index]!]);
    }
  }
  return rows;
}

function requireLabels(
  file: string,
  pictures: readonly NamedFile[],
  { name, classes }: ColumnCandidate,
  notes: readonly string[],
): void {
  const without = pictures.filter((_, index) => classes[index] === '');
  if (without.length === 0) return;
  const more = without.length > 1 ? ` and ${without.length - 1} more` : '';
  const found = `none for ${without[0]!.name}${more} (column ${name})`;
  const also = notes.length > 0 ? `; ${notes[0]}` : '';
  fail(
    'invalid-images',
    `${file}: expected a label for every picture, found ${found}${also}; complete the table, or leave those pictures out.`,
  );
}

/** Rows of pictures that are not there. */
function strayNotes(tables: readonly PictureTable[]): string[] {
  return tables.flatMap(({ file, rows, pictures, nameColumn }) => {
    const stray = rows.filter((_, index) => !pictures[index]);
    if (stray.length === 0) return [];
    const name = stray.length === 1 ? 'names' : 'name';
    const first = stray[0]![nameColumn] ?? '';
    return [`${stray.length} of ${rows.length} rows of ${file} ${name} no picture, first: ${first}`];
  });
}

/** Pictures that several rows name otherwise. */
function severalRowsNotes(rows: ReadonlyMap<NamedFile, readonly Row[]>, nameColumn: number): string[] {
  const textOf = (row: Row) => JSON.stringify(row.filter((_, column) => column !== nameColumn));
  const several = [...rows].filter(([, own]) => new Set(own.map(textOf)).size > 1);
  if (several.length === 0) return [];
  const first = several[0]![0].name;
  const have = several.length === 1 ? 'picture has' : 'pictures have';
  return [`${several.length} ${have} several rows, of which the last counts, first: ${first}`];
}

function severalClassesNotes(pictures: readonly NamedFile[], { severalAt }: ColumnCandidate): string[] {
  if (severalAt.length === 0) return [];
  const first = pictures[severalAt[0]!]!.name;
  const are = severalAt.length === 1 ? 'picture is' : 'pictures are';
  return [
    `${severalAt.length} of ${pictures.length} ${are} marked as several classes, of which the first counts, first: ${first}`,
  ];
}

/** Longer numbers count no classes: no network has a million. */
const isIndex = (text: string | undefined) => /^\d{1,6}$/.test(text ?? '');

/**
 * Index of each class by its names, from a table of both in any order; a class may have several names. A heading is
 * passed over.
 *
 * @throws FailureError `invalid-images` where no column holds indices
 */
export function mappingOf({ name }: NamedFile, rows: readonly Row[]): ReadonlyMap<string, number> {
  const column = indexColumn(rows);
  const indices = new Map<string, number>();
  for (const row of rows) {
    if (column === null || !isIndex(row[column])) continue;
    const others = row.filter((cell, own) => own !== column && cell !== '');
    const names = others.filter((cell) => !isIndex(cell));
    for (const own of names.length > 0 ? names : others) indices.set(own, Number(row[column]));
  }
  if (indices.size > 0) return indices;
  return fail(
    'invalid-images',
    `${name}: expected a table that names the pictures beside it, or the index of each class, found neither; write rows like "a.png,cat" or "cat,3".`,
  );
}

/** The column with the most indices; among equals the one with more different ones, then the last. */
function indexColumn(rows: readonly Row[]): number | null {
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0);
  let best: number | null = null;
  let bestCounts = [0, 0];
  for (let column = 0; column < width; column++) {
    const found = rows.map((row) => row[column]).filter(isIndex);
    const counts = [found.length, new Set(found).size];
    const isBetter =
      counts[0]! > bestCounts[0]! || (counts[0] === bestCounts[0] && counts[1]! >= bestCounts[1]!);
    if (found.length === 0 || !isBetter || width < 2) continue;
    best = column;
    bestCounts = counts;
  }
  return best;
}
