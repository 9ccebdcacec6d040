import type { MessageInput, Schema } from '../../protobuf';
import { choices } from '../schema';

const unit = '  ';

/**
 * Writes a message in protocol buffers' text format, two spaces a level, in the order of the schema's numbers
 * as far as names allow: fields in the order of the schema.
 *
 * @param without fields that are left out wherever they stand (weights)
 */
export function textOf<S extends Schema>(
  schema: S,
  message: MessageInput<S>,
  without: readonly string[],
): string {
  return linesOf(schema, message, without, '').join('\n') + '\n';
}

function linesOf(
  schema: Schema,
  message: Readonly<Record<string, unknown>>,
  without: readonly string[],
  indent: string,
): readonly string[] {
  return Object.entries(schema).flatMap(([name, field]) => {
    const value = message[name];
    if (value === undefined || without.includes(name)) return [];
    switch (field.kind) {
      case 'bytes':
        return [];
      case 'message':
      case 'messages': {
        const inner = (field.kind === 'message' ? [value] : value) as Readonly<Record<string, unknown>>[];
        return inner.flatMap((each) => [
          `${indent}${name} {`,
          ...linesOf(field.schema, each, without, indent + unit),
          `${indent}}`,
        ]);
      }
      case 'text':
      case 'texts':
        return listed<string>(value).map((each) => `${indent}${name}: ${quoted(each)}`);
      case 'integer':
      case 'integers':
        return listed<number>(value).map((each) => `${indent}${name}: ${worded(name, each)}`);
      case 'float':
      case 'floats':
      case 'doubles':
        return listed<number>(value).map((each) => `${indent}${name}: ${shortest(each)}`);
      default:
        return field satisfies never;
    }
  });
}

function listed<T>(value: unknown): T[] {
  return typeof value === 'object' ? Array.from(value as ArrayLike<T>) : [value as T];
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

/** Fields that are switches, which the text format writes as words. */
const switches: ReadonlySet<string> = new Set([
  'bias_term',
  'channel_shared',
  'transpose',
  'global_pooling',
  'force_color',
  'force_gray',
]);

function worded(name: string, value: number): string {
  if (switches.has(name)) return value === 0 ? 'false' : 'true';
  const words = Object.entries(choices[name] ?? {});
  return words.find(([, number]) => number === value)?.[0] ?? String(value);
}

/** The shortest decimal that is the same number in float32: 1e-5 and not 0.000009999999747378752. */
function shortest(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(value);
}
