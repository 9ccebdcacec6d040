import { decodeMessage, type Message, type Schema } from '../../protobuf';
import { choices } from '../schema';
import type { TextMessage, TextValue } from './parse';
import { isMisspelt } from './otherFields';
import { failAt } from './tokens';

/**
 * Turns parsed text into the message of a schema, with the values that the same message in binary would
 * have. Fields that the schema does not list are skipped, but for those that no settings of layers have.
 *
 * @param within name of the field that the message is the value of
 * @throws FailureError `unreadable-file` with the line where a value is of the wrong kind
 */
export function messageOf<S extends Schema>(schema: S, fields: TextMessage, within = ''): Message<S> {
  const message: Record<string, unknown> = decodeMessage(schema, new Uint8Array(0), '');
  const numbers = new Map<string, number[]>();
  for (const { name, value } of fields) {
    const field = Object.hasOwn(schema, name) ? schema[name] : undefined;
    switch (field?.kind) {
      case undefined:
        if (isMisspelt(within, name))
          failAt(value.line, `expected a field that "${within}" has, found "${name}"`);
        break;
      case 'bytes':
        break;
      case 'message':
        message[name] = messageOf(field.schema, messageIn(name, value), name);
        break;
      case 'messages':
        (message[name] as unknown[]).push(messageOf(field.schema, messageIn(name, value)));
        break;
      case 'text':
        message[name] = textIn(name, value);
        break;
      case 'texts':
        (message[name] as string[]).push(textIn(name, value));
        break;
      case 'integer':
        message[name] = integerIn(name, value);
        break;
      case 'integers':
        (message[name] as number[]).push(integerIn(name, value));
        break;
      case 'float':
        message[name] = Math.fround(numberIn(name, value));
        break;
      case 'floats':
      case 'doubles':
        numbers.set(name, numbers.get(name) ?? []);
        numbers.get(name)!.push(numberIn(name, value));
        break;
      default:
        field satisfies never;
    }
  }
  for (const [name, values] of numbers) {
    message[name] = schema[name]!.kind === 'floats' ? Float32Array.from(values) : Float64Array.from(values);
  }
  return message as Message<S>;
}

function messageIn(name: string, value: TextValue): TextMessage {
  return value.kind === 'message'
    ? value.fields
    : failAt(value.line, `expected "{" after "${name}", found "${value.value}"`);
}

function textIn(name: string, value: TextValue): string {
  if (value.kind === 'text') return value.value;
  return failAt(value.line, `expected a text in quotes for "${name}", found ${found(value)}`);
}

function integerIn(name: string, value: TextValue): number {
  if (value.kind === 'word') {
    const { value: word } = value;
    if (word === 'true') return 1;
    if (word === 'false') return 0;
    const named = choices[name];
    if (named && Object.hasOwn(named, word)) return named[word]!;
    const number = Number(word);
    if (Number.isSafeInteger(number)) return number;
  }
  return failAt(value.line, `expected a whole number for "${name}", found ${found(value)}`);
}

function numberIn(name: string, value: TextValue): number {
  const number = value.kind === 'word' ? Number(value.value.replace(/f$/i, '')) : NaN;
  return Number.isFinite(number)
    ? number
    : failAt(value.line, `expected a number for "${name}", found ${found(value)}`);
}

function found(value: TextValue): string {
  return value.kind === 'message' ? 'a message in braces' : `"${value.value}"`;
}
