import { fail } from '../../../network/failure';
import { parseShallowJson } from '../../../network/shallowJson';

/** A JSON object whose values are not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object (no array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, or a failure that says where one was expected. */
export function objectAt(value: unknown, where: string): JsonObject {
  return isObject(value)
    ? value
    : fail('unreadable-file', `${where}: expected an object, found ${found(value)}; save it again.`);
}

/** A list, or a failure that says where one was expected. */
export function listAt(value: unknown, where: string): readonly unknown[] {
  return Array.isArray(value)
    ? (value as readonly unknown[])
    : fail('unreadable-file', `${where}: expected a list, found ${found(value)}; save it again.`);
}

/** A text, or a failure that says where one was expected. */
export function textAt(value: unknown, where: string): string {
  return typeof value === 'string'
    ? value
    : fail('unreadable-file', `${where}: expected a text, found ${found(value)}; save it again.`);
}

/** A switch, which may be written as 0 or 1 as well; null where the value is none. */
export function flagIn(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  return value === 0 || value === 1 ? value === 1 : null;
}

/** A number, which Python may have written as a truth value; null where the value is none. */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : null;
}

/** Wrappers are nested no deeper than this in any setting. */
const deepest = 16;

/** Settings without what Keras wraps arrays, tensors and tuples in: `{class_name: "__numpy__", config: {value}}`. */
export function unwrapped(value: unknown, depth = 0): unknown {
  if (depth > deepest) return value;
  const inner = (part: unknown) => unwrapped(part, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (!isObject(value)) return value;
  const { class_name: className, config, items } = value;
  const isArray = className === '__numpy__' || className === '__tensor__';
  if (isArray && isObject(config) && 'value' in config) return inner(config['value']);
  if ((className === '__tuple__' || className === 'TensorShape') && Array.isArray(items)) return inner(items);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]));
}

/** Parses JSON text. @throws FailureError `unreadable-file` naming the file */
export function parseJson(text: string, where: string): unknown {
  try {
    // JSON has no NaN, but Python writes it: a text takes its place, which no number may be.
    return parseShallowJson(text.replace(/([[:,]\s*)(-?(?:NaN|Infinity))(?=\s*[,\]}])/g, '$1"$2"'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'other text';
    return fail(
      'unreadable-file',
      `${where}: expected JSON, found damaged text (${reason}); export it again.`,
    );
  }
}

const longest = 40;

/** A JSON value for a sentence. */
export function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
