import { FailureError, fail } from '../../network/failure';
import type { ImageSet } from '../../network/images';
import type { LabelColumn, Labelling } from '../../network/labelling';
import type { Wanted } from '../datasets/format';
import { baseName, type NamedFile } from '../file';
import { classReadings, type ClassList, type ClassSources } from './classes';
import { classListOf, isNamedAsList } from './classLists';
import type { ColumnCandidate } from './labelColumns';
import { mappingOf, namedPicture, pictureTableOf, tableLabels, type PictureTable } from './labels';
import { isTable, readTable, type Row } from './tables';

/** What is known of the classes of some images. */
export type Labelled = Required<Pick<ImageSet, 'labels' | 'classNames' | 'matching' | 'labelChoices'>>;

/**
 * The classes of pictures: from tables that name them, else from the folders that they lie in. Everything beside them
 * that names classes or their indices counts.
 *
 * @param set what to call the pictures in a sentence
 * @param folders of each picture, where these are classes; else null
 * @throws FailureError `invalid-images` where a table is unreadable or leaves a picture out, `images-do-not-fit`
 *   where names and the network's classes cannot be matched
 */
export function labelsOf(
  set: string,
  pictures: readonly NamedFile[],
  folders: readonly string[] | null,
  files: readonly NamedFile[],
  wanted: Wanted | undefined,
): Labelled {
  const side = sideFilesOf(files, pictures, wanted?.classes ?? null);
  const listed = side.lists.find(({ names }) => names.length === wanted?.classes) ?? side.lists[0] ?? null;
  const sources: ClassSources = {
    mapping: side.mapping,
    listed,
    ofNetwork: wanted?.classNames ?? null,
    count: wanted?.classes ?? null,
  };
  if (side.tables.length === 0 && side.refusal && (folders === null || !side.mapping)) throw side.refusal;
  const table = side.tables.length > 0 ? tableLabels(side.tables, pictures, sources) : null;
  const columns = table?.columns ?? (folders ? [folderColumn(folders)] : []);
  if (columns.length === 0)
    return {
      labels: null,
      classNames: listed?.names ?? sources.ofNetwork,
      matching: null,
      labelChoices: null,
    };
  const notes = [...(table?.notes ?? []), ...side.notes, ...listNotes(listed, sources.count)];
  return labelled(set, columns, sources, { file: table?.file ?? null, notes });
}

/** The names of the folders as the one column of a table that nobody wrote. */
function folderColumn(folders: readonly string[]): ColumnCandidate {
  return {
    name: '',
    classes: folders,
    reason: '',
    isLikely: true,
    listed: null,
    severalAt: [],
  };
}

/** Every way to read likely columns; the first that can be matched with the network's classes counts. */
function labelled(
  set: string,
  candidates: readonly ColumnCandidate[],
  sources: ClassSources,
  { file, notes }: { readonly file: string | null; readonly notes: readonly string[] },
): Labelled {
  const readings: Labelling[] = [];
  const unlikely: Labelling[] = [];
  const columns: LabelColumn[] = [];
  let refusal: FailureError | null = null;
  for (const { name, classes, listed, reason, isLikely } of candidates) {
    let problem: string | null = null;
    try {
      const column = file === null ? null : name;
      const own = classReadings(set, classes, sources, listed);
      for (const reading of own) (isLikely ? readings : unlikely).push({ column, ...reading });
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      refusal ??= error;
      problem = error.message;
    }
    columns.push({ name, reason, problem });
  }
  const all = [...readings, ...unlikely];
  const [first] = all;
  if (!first || (refusal && readings.length === 0)) throw refusal!;
  const { labels, classNames, matching } = first;
  const table = file === null ? null : { file, columns };
  return { labels, classNames, matching, labelChoices: { readings: all, table, notes } };
}

interface SideFiles {
  readonly lists: readonly ClassList[];
  readonly mapping: ClassSources['mapping'];
  /** Tables that name pictures. */
  readonly tables: readonly PictureTable[];
  readonly notes: readonly string[];
  /** Why a table could not be used; null where all could. */
  readonly refusal: FailureError | null;
}

/** Tells what the files beside the pictures say. */
function sideFilesOf(
  files: readonly NamedFile[],
  pictures: readonly NamedFile[],
  count: number | null,
): SideFiles {
  const lists: ClassList[] = [];
  const tables: PictureTable[] = [];
  const notes: string[] = [];
  let mapping: ClassSources['mapping'] = null;
  let refusal: FailureError | null = null;
  for (const file of files) {
    if (isText(file)) {
      const table = textTableOf(file, pictures);
      const list = table ? null : textListOf(file, count);
      if (table) tables.push(table);
      else if (list) lists.push(list);
      continue;
    }
    if (!isTable(file)) continue;
    try {
      const list = /\.json$/i.test(file.name) ? classListOf(file) : null;
      if (list) lists.push(list);
      if (list) continue;
      const rows = readTable(file);
      const table = pictureTableOf(file, rows, pictures);
      if (table) tables.push(table);
      else mapping ??= { file: baseName(file.name), indices: mappingUnlessNames(file, rows) };
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      refusal ??= error;
      notes.push(`${baseName(file.name)} says nothing about these pictures`);
    }
  }
  return { lists, mapping, tables, notes, refusal };
}

const isText = ({ name }: NamedFile) => /\.txt$/i.test(name);

/** A text file that is called a list of classes, or has as many lines as there are classes. */
function textListOf(file: NamedFile, count: number | null): ClassList | null {
  const list = classListOf(file);
  return list && (isNamedAsList(file) || list.names.length === count) ? list : null;
}

/** Whether a file beside pictures may say their classes: a table or a list, by its name and content. */
export function saysClasses(file: NamedFile, pictures: readonly NamedFile[], count: number | null): boolean {
  if (!isText(file)) return isTable(file);
  return textTableOf(file, pictures) !== null || textListOf(file, count) !== null;
}

/** A text file whose lines mostly name pictures. */
function textTableOf(file: NamedFile, pictures: readonly NamedFile[]): PictureTable | null {
  const rows = readTable(file);
  const table = pictureTableOf(file, rows, pictures);
  const found = table?.pictures.filter((picture) => picture !== undefined).length ?? 0;
  return found * 2 > rows.length && rows.some((row) => row.filter((cell) => cell !== '').length > 1)
    ? table
    : null;
}

/** @throws FailureError naming a picture that is not there, where the table names some; else as {@link mappingOf} */
function mappingUnlessNames(file: NamedFile, rows: readonly Row[]): ReadonlyMap<string, number> {
  const named = namedPicture(rows);
  if (named === null) return mappingOf(file, rows);
  return fail(
    'invalid-images',
    `${file.name}: expected a table of the pictures beside it, found none of those that its ${rows.length} rows name, first "${named}"; open it with the pictures that it is about.`,
  );
}

function listNotes(listed: ClassList | null, count: number | null): readonly string[] {
  if (!listed || count === null || listed.names.length === count) return [];
  return [`${listed.file} names ${listed.names.length} classes, the network has ${count}`];
}
