import type { ClassSources } from './classes';
import { plainName } from './classes';
import { oneHotColumns } from './oneHot';

/** A column that could hold the class of each picture, or several that hold it together. */
export interface ColumnCandidate {
  /** Its heading, or "column 2". */
  readonly name: string;
  /** Class per picture: a name or a number; empty where there is none. */
  readonly classes: readonly string[];
  /** What speaks for it, in a phrase. */
  readonly reason: string;
  /** Whether more speaks for it than against it. */
  readonly isLikely: boolean;
  /** Names in an order that means something; null where it means nothing. */
  readonly listed: readonly string[] | null;
  /** Pictures with several classes, of which the first counts. */
  readonly severalAt: readonly number[];
}

/** How sure it is; only for comparing. */
interface Scored extends Omit<ColumnCandidate, 'isLikely'> {
  readonly score: number;
}

/** What headings of a class say, and others seldom. */
const classHeading =
  /^((true|ground|gold|image|img|final|correct|expected|numeric|int|encoded)[ _-]?)?(label|class|category|target|diagnosis|dx|species|breed|truth|variety|disease|tag|y)s?([ _-]?(id|idx|index|name|no|num|number|code|encoded|label|class|text))?\d?$/i;
/** Headings of what tables hold beside. */
const otherHeading =
  /(^|[ _-])(id|uid|uuid|index|idx|path|file|filename|image|img|url|width|height|size|age|sex|gender|date|time|split|fold|set|subset|x\d?|y\d|[xy](min|max)|roi.*|score|confidence|source|dataset|patient|lesion|type)$/i;

/**
 * The columns of a table that could hold the class, the likeliest first.
 *
 * @param headings of every column; null where the table has none
 * @param rows one per picture, all cells
 * @param nameColumn which names the pictures, and holds no class
 */
export function labelColumns(
  headings: readonly string[] | null,
  rows: readonly (readonly string[])[],
  nameColumn: number,
  sources: ClassSources,
): readonly ColumnCandidate[] {
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0);
  const others = Array.from({ length: width }, (_, column) => column).filter((c) => c !== nameColumn);
  const nameOf = (column: number) => headings?.[column] || `column ${column + 1}`;
  const oneHot = oneHotCandidate(rows, nameColumn, nameOf, sources.count);
  const taken = new Set(oneHot?.columns);
  const single = others
    .filter((column) => !taken.has(column))
    .map((column) => singleCandidate(rows, column, nameOf(column), headings !== null, sources));
  const isOnly = others.length === 1;
  const all = [...(oneHot ? [oneHot.candidate] : []), ...single];
  // Sorting keeps the order of equals: the earlier column.
  return all
    .filter(({ classes }) => classes.some((name) => name !== ''))
    .sort((a, b) => b.score - a.score)
    .map(({ score, ...candidate }) =>
      isOnly
        ? { ...candidate, reason: 'the only column beside the names', isLikely: true }
        : { ...candidate, isLikely: score > 0 },
    );
}

/** The name of one-hot columns together. */
export const oneHotName = 'one-hot';

function oneHotCandidate(
  rows: readonly (readonly string[])[],
  nameColumn: number,
  nameOf: (column: number) => string,
  count: number | null,
): { readonly columns: readonly number[]; readonly candidate: Scored } | null {
  // The names of pictures may be ones and zeros.
  const others = rows.map((row) => row.map((cell, column) => (column === nameColumn ? '-' : cell)));
  const found = oneHotColumns(others, count);
  if (!found) return null;
  const names = found.columns.map(nameOf);
  const classes = found.marked.map(([first]) => (first === undefined ? '' : names[first]!));
  const severalAt = found.marked.flatMap(({ length }, index) => (length > 1 ? [index] : []));
  const reason = `each row marks one of ${names.length} columns: ${shortList(names)}`;
  const score = 4 + (names.length === count ? 3 : 0) + (names.length > 2 ? 1 : 0);
  const candidate = { name: oneHotName, classes, reason, listed: names, severalAt, score };
  return { columns: found.columns, candidate };
}

function singleCandidate(
  rows: readonly (readonly string[])[],
  column: number,
  name: string,
  isHeaded: boolean,
  { count, listed, ofNetwork, mapping }: ClassSources,
): Scored {
  const classes = wholeNumbers(rows.map((row) => row[column] ?? ''));
  const values = [...new Set(classes.filter((value) => value !== ''))];
  const known = new Set(
    [...(mapping?.indices.keys() ?? []), ...(listed?.indices.keys() ?? [])].map(plainName),
  );
  for (const own of ofNetwork ?? []) known.add(plainName(own));
  const reasons: string[] = [];
  let score = 0;
  const add = (points: number, reason?: string) => {
    score += points;
    if (reason !== undefined) reasons.push(reason);
  };
  const heading = isHeaded ? name.trim() : '';
  if (classHeading.test(heading)) add(5, 'its heading says so');
  else if (otherHeading.test(heading)) add(-6);
  if (values.length > 0 && values.every((value) => known.has(plainName(value))))
    add(5, 'its values are names of classes');
  if (values.length === count) add(3, `it has ${values.length} values, as many as there are classes`);
  else if (count !== null && values.length > count) add(-4);
  if (isIndexed(values, count)) add(1);
  if (values.length === 1) add(-1);
  if (values.length === classes.length && classes.length > 1) add(-2);
  else add(1);
  if (values.some((value) => /^-?\d*[.,]\d+$/.test(value))) add(-4);
  const reason = reasons.length > 0 ? reasons.join(', and ') : 'no other column is more likely';
  return { name, classes, reason, listed: null, severalAt: [], score };
}

/** Numbers that could be indices of classes. */
function isIndexed(values: readonly string[], count: number | null): boolean {
  return values.every((value) => /^\d{1,6}$/.test(value) && (count === null || Number(value) <= count));
}

/** "3.0" as "3" where every value is a whole number: tables with gaps are written so. */
function wholeNumbers(cells: readonly string[]): readonly string[] {
  const isWhole = cells.every((cell) => cell === '' || /^\d+\.0*$/.test(cell));
  return isWhole ? cells.map((cell) => cell.split('.')[0]!) : cells;
}

/** "cat, dog, hen, …" */
export function shortList(names: readonly string[], most = 4): string {
  return names.slice(0, most).join(', ') + (names.length > most ? ', …' : '');
}
