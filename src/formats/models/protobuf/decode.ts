import protobuf from 'protobufjs/minimal.js';
import { NumberCollector } from './numbers';
import { MalformedMessage, wire, type Field, type Message, type Schema } from './schema';

/**
 * Decodes one message. `bytes` fields are views of the input.
 *
 * @param where name of the message, for {@link MalformedMessage}
 * @throws MalformedMessage where the bytes are truncated or no such message
 */
export function decodeMessage<S extends Schema>(schema: S, bytes: Uint8Array, where: string): Message<S> {
  const message: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const collectors = new Map<string, NumberCollector>();
  const reader = protobuf.Reader.create(bytes.constructor === Uint8Array ? bytes : plainView(bytes));
  for (const [name, field] of Object.entries(schema)) message[name] = emptyValue(field);
  const fields = fieldsByNumber(schema);
  while (reader.pos < reader.len) {
    const tag = attempt(reader, where, () => reader.tag());
    const known = fields.get(tag >>> 3);
    if (known) readField(reader, tag & 7, known, { message, collectors, where: `${where}.${known.name}` });
    else attempt(reader, where, () => reader.skipType(tag & 7, 0, tag >>> 3));
  }
  for (const [name, collector] of collectors) message[name] = collector.finish();
  return message as Message<S>;
}

/** A Node Buffer would make protobufjs choose its Buffer reader; the plain one works on every platform. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface NamedField {
  readonly name: string;
  readonly field: Field;
}

const fieldTables = new WeakMap<Schema, ReadonlyMap<number, NamedField>>();

function fieldsByNumber(schema: Schema): ReadonlyMap<number, NamedField> {
  const known = fieldTables.get(schema);
  if (known) return known;
  const table = new Map(Object.entries(schema).map(([name, field]) => [field.number, { name, field }]));
  fieldTables.set(schema, table);
  return table;
}

function emptyValue(field: Field): unknown {
  switch (field.kind) {
    case 'integers':
    case 'texts':
    case 'messages':
      return [];
    case 'floats':
      return new Float32Array(0);
    case 'doubles':
      return new Float64Array(0);
    case 'integer':
    case 'float':
    case 'bytes':
    case 'text':
    case 'message':
      return undefined;
    default:
      return field satisfies never;
  }
}

interface Target {
  readonly message: Record<string, unknown>;
  readonly collectors: Map<string, NumberCollector>;
  readonly where: string;
}

/** Runs a step of protobufjs, whose errors are those of a malformed file. */
function attempt<T>(reader: protobuf.Reader, where: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new MalformedMessage(where, `the bytes at offset ${reader.pos} make no sense (${problem})`);
  }
}

function readField(
  reader: protobuf.Reader,
  wireType: number,
  { name, field }: NamedField,
  target: Target,
): void {
  const { message, where } = target;
  const list = message[name] as unknown[];
  switch (field.kind) {
    case 'integer':
      message[name] = readInteger(reader, wireType, where);
      return;
    case 'integers':
      readIntegers(reader, wireType, where, list as number[]);
      return;
    case 'float':
      expectWire(wireType, wire.fixed32, where);
      message[name] = attempt(reader, where, () => reader.float());
      return;
    case 'floats':
    case 'doubles':
      readNumbers(reader, wireType, { name, field }, target);
      return;
    case 'text':
      message[name] = textOf(readBytes(reader, wireType, where));
      return;
    case 'texts':
      list.push(textOf(readBytes(reader, wireType, where)));
      return;
    case 'bytes':
      message[name] = readBytes(reader, wireType, where);
      return;
    case 'message':
      message[name] = decodeMessage(field.schema, readBytes(reader, wireType, where), where);
      return;
    case 'messages':
      list.push(decodeMessage(field.schema, readBytes(reader, wireType, where), `${where}[${list.length}]`));
      return;
    default:
      field satisfies never;
  }
}

function expectWire(found: number, expected: number, where: string): void {
  if (found !== expected) throw new MalformedMessage(where, `expected wire type ${expected}, found ${found}`);
}

/** A view of the next length-delimited field, never longer than the bytes that are left. */
function readBytes(reader: protobuf.Reader, wireType: number, where: string): Uint8Array {
  expectWire(wireType, wire.delimited, where);
  const length = attempt(reader, where, () => reader.uint32());
  const left = reader.len - reader.pos;
  if (length > left) throw new MalformedMessage(where, `${length} bytes expected, ${left} left`);
  const start = reader.pos;
  reader.pos = start + length;
  return reader.buf.subarray(start, start + length);
}

const utf8 = new TextDecoder();

function textOf(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** A 64-bit integer as a number; beyond 2^53 the nearest one. */
function readInteger(reader: protobuf.Reader, wireType: number, where: string): number {
  expectWire(wireType, wire.varint, where);
  return attempt(reader, where, () => Number(reader.int64()));
}

function readIntegers(reader: protobuf.Reader, wireType: number, where: string, list: number[]): void {
  if (wireType !== wire.delimited) {
    list.push(readInteger(reader, wireType, where));
    return;
  }
  const packed = protobuf.Reader.create(readBytes(reader, wireType, where));
  while (packed.pos < packed.len) list.push(readInteger(packed, wire.varint, where));
}

function readNumbers(
  reader: protobuf.Reader,
  wireType: number,
  { name, field }: NamedField,
  target: Target,
): void {
  const { collectors, where } = target;
  const single = field.kind === 'floats';
  const collector = collectors.get(name) ?? new NumberCollector(single);
  collectors.set(name, collector);
  if (wireType === wire.delimited) {
    collector.addPacked(readBytes(reader, wireType, where), where);
    return;
  }
  expectWire(wireType, single ? wire.fixed32 : wire.fixed64, where);
  collector.add(attempt(reader, where, () => (single ? reader.float() : reader.double())));
}
