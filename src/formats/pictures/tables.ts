import Papa from 'papaparse';
import { fail } from '../../network/failure';
import type { NamedFile } from '../file';
import { parseShallowJson } from '../../network/shallowJson';
import { linesOf, textOf } from '../text';

/** A row of a table: texts and numbers as texts. */
export type Row = readonly string[];

/** Whether a file is a table by its name. */
export function isTable({ name }: NamedFile): boolean {
  return /\.(csv|tsv|json)$/i.test(name);
}

/**
 * Reads a table of a CSV file (commas, semicolons or tabs), of a JSON file, or of a text file with a name and a value
 * on every line. A JSON file may be an object (a row per entry: key and value, or key and the members of a list), a
 * list of texts (a row per text: text and position), a list of lists, or a list of objects (the first row then holds
 * the keys).
 *
 * @throws FailureError `invalid-images` where it is none of these
 */
export function readTable(file: NamedFile): readonly Row[] {
  const rows = rowsOf(file);
  requireEvenRows(file.name, rows);
  return rows;
}

/** Cells that a table may lack, to be one whose rows are of different lengths. */
const maxLacking = 1_000_000;
/** One-hot tables have a column per class. */
const maxColumns = 50_000;

/** Whoever looks at columns looks at the cells that shorter rows lack, too: 300 kB can lack 10^10. */
function requireEvenRows(name: string, rows: readonly Row[]): void {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const cells = rows.reduce((sum, row) => sum + row.length, 0);
  if (width > maxColumns)
    fail(
      'invalid-images',
      `${name}: expected a table of at most ${maxColumns.toLocaleString('en-US')} columns, found ${width.toLocaleString('en-US')}; write a row per picture.`,
    );
  if (width * rows.length - cells > Math.max(maxLacking, cells))
    fail(
      'invalid-images',
      `${name}: expected rows with about as many cells each, found one of ${width.toLocaleString('en-US')} among ${rows.length.toLocaleString('en-US')} rows that mostly have fewer; write a row per picture.`,
    );
}

function rowsOf(file: NamedFile): readonly Row[] {
  if (/\.json$/i.test(file.name)) return jsonRows(file.name, jsonOf(file));
  if (/\.txt$/i.test(file.name)) return linesOf(file.bytes).map(lineRow);
  const { data } = Papa.parse<string[]>(textOf(file.bytes).trim(), { skipEmptyLines: true });
  return data.map((row) => row.map((cell) => cell.trim()));
}

/** A JSON file's content. @throws FailureError `invalid-images` where it is none */
export function jsonOf({ name, bytes }: NamedFile): unknown {
  try {
    return parseShallowJson(textOf(bytes));
  } catch (error) {
    const found = error instanceof Error ? error.message : 'other text';
    return fail('invalid-images', `${name}: expected JSON, found ${found}; mend the file or write it anew.`);
  }
}

/** "a b.png 3" → "a b.png", "3"; a tab, comma or semicolon goes before blanks. */
function lineRow(line: string): Row {
  const cells = line.split(/[\t,;]/).map((cell) => cell.trim());
  if (cells.length > 1) return cells;
  const [, name = line, value = ''] = /^(.*\S)\s+(\S+)$/.exec(line) ?? [];
  return [name, value];
}

function jsonRows(name: string, value: unknown): readonly Row[] {
  if (Array.isArray(value)) return listRows(name, value as readonly unknown[]);
  if (typeof value !== 'object' || value === null) return failShape(name);
  return Object.entries(value).map(([key, entry]: [string, unknown]) => {
    const cells: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
    return [key, ...cells.map((cell) => cellOf(name, cell))];
  });
}

function listRows(name: string, list: readonly unknown[]): readonly Row[] {
  const [first] = list;
  if (Array.isArray(first)) {
    return list.map((row) => (Array.isArray(row) ? row.map((cell) => cellOf(name, cell)) : failShape(name)));
  }
  if (typeof first !== 'object' || first === null)
    return list.map((cell, index) => [cellOf(name, cell), String(index)]);
  const keys = Object.keys(first);
  const rows = list.map((row) =>
    keys.map((key) => cellOf(name, (row as Record<string, unknown> | null)?.[key])),
  );
  return [keys, ...rows];
}

function cellOf(name: string, cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const isPlain = typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean';
  return isPlain ? String(cell).trim() : failShape(name);
}

function failShape(name: string): never {
  return fail(
    'invalid-images',
    `${name}: expected a table of file names and labels, or of class names and indices, found JSON of another form; write it like {"a.png": "cat"}.`,
  );
}
