import { parseShallowJson } from './shallowJson';

/** Under what a list of class names stands. */
const listKey = /^(names|classes|class_?names|labels|categories|id2label)$/i;

/**
 * The classes that a network's metadata name, in order: a JSON list, or an object (also as Python prints it) from
 * index to name, under `names`, `classes`, `class_names`, `labels`, `categories` or `id2label`; null where there are
 * not exactly as many as the network has classes.
 */
export function statedClassNames(
  metadata: Readonly<Record<string, string>>,
  classes: number,
): readonly string[] | null {
  const key = Object.keys(metadata).find((name) => listKey.test(name));
  const names = key === undefined ? null : namesInText(metadata[key] ?? '');
  return names?.length === classes ? names : null;
}

/**
 * The class names that plain data holds under one of the keys above, as a list or as an object from index to name;
 * null where it holds none, or a list of something else.
 */
export function classNamesIn(value: unknown): readonly string[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entry = Object.entries(value).find(
    ([name, held]) => listKey.test(name) && typeof held === 'object' && held !== null,
  );
  return entry ? listedNames(entry[1] as object) : null;
}

/** A list as it is; an object by its keys, which must count. */
function listedNames(value: object): readonly string[] | null {
  const entries = Object.entries(value as Record<string, unknown>);
  // Keys that are whole numbers come in their order by themselves.
  const isCounted = entries.every(([key], index) => key === String(index));
  const names = entries.map(([, name]) => name);
  return isCounted && names.every((name) => typeof name === 'string') ? names : null;
}

/** An index with its name as Python prints it; no part of it can begin at many places of a long text and reach far. */
const printedEntry = /(?<!\d)(\d{1,9})\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*[,}]/g;

function namesInText(text: string): readonly string[] | null {
  try {
    const value: unknown = parseShallowJson(text);
    if (typeof value !== 'object' || value === null) return null;
    const names: unknown[] = Object.values(value);
    return names.every((name) => typeof name === 'string') ? names : null;
  } catch {
    const entries = [...text.matchAll(printedEntry)];
    const names = entries.map(([, index, inSingle, inDouble]) => ({
      index: Number(index),
      name: inSingle ?? inDouble ?? '',
    }));
    const isWhole = names.length > 0 && names.every(({ index }, position) => index === position);
    return isWhole ? names.map(({ name }) => name) : null;
  }
}
