import Papa from 'papaparse';
import { fail } from '../../network/failure';
import type { NamedFile } from '../file';

/** A row of a table: texts and numbers as texts. */
export type Row = readonly string[];

/** Whether a file is a table by its name. */
export function isTable({ name }: NamedFile): boolean {
  return /\.(csv|tsv|json)$/i.test(name);
}

/**
 * Reads a table of a CSV or a JSON file. A JSON file may be an object (a row per entry: key and value, a list as
 * value its last text), a list of texts (a row per text: text and position), a list of lists, or a list of objects
 * (the first row then holds the keys).
 *
 * @throws FailureError `invalid-images` where it is none of these
 */
export function readTable(file: NamedFile): readonly Row[] {
  const text = new TextDecoder().decode(file.bytes);
  if (/\.json$/i.test(file.name)) return jsonRows(file.name, text);
  const { data } = Papa.parse<string[]>(text.trim(), { skipEmptyLines: true });
  return data.map((row) => row.map((cell) => cell.trim()));
}

function jsonRows(name: string, text: string): readonly Row[] {
  const value = parsed(name, text);
  if (Array.isArray(value)) return listRows(name, value as readonly unknown[]);
  if (typeof value !== 'object' || value === null) return failShape(name);
  return Object.entries(value).map(([key, entry]) => {
    const last: unknown = Array.isArray(entry) ? entry.at(-1) : entry;
    return [key, cellOf(name, last)];
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
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : failShape(name);
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const found = error instanceof Error ? error.message : 'other text';
    return fail('invalid-images', `${name}: expected JSON, found ${found}.`);
  }
}

function failShape(name: string): never {
  return fail(
    'invalid-images',
    `${name}: expected a table of file names and labels, or of class names and indices, found JSON of another form; write it like {"a.png": "cat"}.`,
  );
}
