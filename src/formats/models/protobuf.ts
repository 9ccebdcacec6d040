import protobuf from 'protobufjs/minimal.js';

/**
 * Protocol-buffer messages by table: a schema names the fields that the studio reads or writes, everything
 * else in a file is skipped. Nothing is generated or evaluated at run time, field names come from the schema
 * only, and no length is believed before it is compared with the bytes that are there.
 */
export interface Schema {
  readonly [name: string]: Field;
}

/** One field of a message: its number on the wire and what it holds. Plural kinds repeat. */
export type Field =
  | { readonly number: number; readonly kind: ScalarKind }
  | { readonly number: number; readonly kind: 'message' | 'messages'; readonly schema: Schema };

type ScalarKind = keyof ScalarValues;

interface ScalarValues {
  integer: number | undefined;
  integers: number[];
  float: number | undefined;
  floats: Float32Array;
  doubles: Float64Array;
  text: string | undefined;
  texts: string[];
  bytes: Uint8Array | undefined;
}

type FieldValue<F extends Field> = F extends { kind: 'message'; schema: infer S extends Schema }
  ? Message<S> | undefined
  : F extends { kind: 'messages'; schema: infer S extends Schema }
    ? Message<S>[]
    : F extends { kind: infer K extends ScalarKind }
      ? ScalarValues[K]
      : never;

/** A decoded message: single fields are undefined where the file has none, repeated ones are empty. */
export type Message<S extends Schema> = { -readonly [Name in keyof S]: FieldValue<S[Name]> };

/** What {@link encodeMessage} takes: any subset of a message's fields. */
export type MessageInput<S extends Schema> = {
  readonly [Name in keyof S]?: S[Name] extends { kind: 'message'; schema: infer N extends Schema }
    ? MessageInput<N>
    : S[Name] extends { kind: 'messages'; schema: infer N extends Schema }
      ? readonly MessageInput<N>[]
      : Readonly<FieldValue<S[Name]>>;
};

/** The bytes are no message of the schema: `where` they break, and what is wrong there. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
  constructor(
    readonly where: string,
    readonly problem: string,
  ) {
    super(`${where}: ${problem}`);
  }
}

const wire = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

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
    default:
      return undefined;
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

/** Gathers a repeated float or double field, whose values may come one by one or in packed runs. */
class NumberCollector {
  private readonly values: number[] = [];
  private readonly runs: (Float32Array | Float64Array)[] = [];

  constructor(private readonly single: boolean) {}

  add(value: number): void {
    this.values.push(value);
  }

  addPacked(bytes: Uint8Array, where: string): void {
    const width = this.single ? 4 : 8;
    if (bytes.length % width !== 0) {
      throw new MalformedMessage(where, `${bytes.length} bytes are no whole number of ${width}-byte values`);
    }
    this.flush();
    const aligned = bytes.slice().buffer;
    this.runs.push(this.single ? new Float32Array(aligned) : new Float64Array(aligned));
  }

  finish(): Float32Array | Float64Array {
    this.flush();
    const [only] = this.runs;
    if (only && this.runs.length === 1) return only;
    const joined = this.allocate(this.runs.reduce((sum, run) => sum + run.length, 0));
    let at = 0;
    for (const run of this.runs) {
      joined.set(run, at);
      at += run.length;
    }
    return joined;
  }

  private allocate(length: number): Float32Array | Float64Array {
    return this.single ? new Float32Array(length) : new Float64Array(length);
  }

  private flush(): void {
    if (this.values.length === 0) return;
    const run = this.allocate(this.values.length);
    run.set(this.values);
    this.runs.push(run);
    this.values.length = 0;
  }
}

/** Encodes one message; absent fields and empty repeated ones are left out. */
export function encodeMessage<S extends Schema>(schema: S, message: MessageInput<S>): Uint8Array {
  const writer = new protobuf.Writer();
  writeMessage(writer, schema, message);
  return writer.finish();
}

function writeMessage(
  writer: protobuf.Writer,
  schema: Schema,
  message: Readonly<Record<string, unknown>>,
): void {
  for (const [name, field] of Object.entries(schema)) {
    const value = message[name];
    if (value !== undefined) writeField(writer, field, value);
  }
}

function writeField(writer: protobuf.Writer, field: Field, value: unknown): void {
  const tag = (wireType: number) => writer.uint32(((field.number << 3) | wireType) >>> 0);
  switch (field.kind) {
    case 'integer':
      tag(wire.varint).int64(value as number);
      return;
    case 'integers':
      if ((value as number[]).length === 0) return;
      tag(wire.delimited).fork();
      for (const element of value as number[]) writer.int64(element);
      writer.ldelim();
      return;
    case 'float':
      tag(wire.fixed32).float(value as number);
      return;
    case 'floats':
    case 'doubles':
      writePacked(tag, value as Float32Array | Float64Array);
      return;
    case 'text':
      tag(wire.delimited).string(value as string);
      return;
    case 'texts':
      for (const element of value as string[]) tag(wire.delimited).string(element);
      return;
    case 'bytes':
      tag(wire.delimited).bytes(value as Uint8Array);
      return;
    case 'message':
      writeNested(tag, field.schema, value);
      return;
    case 'messages':
      for (const element of value as unknown[]) writeNested(tag, field.schema, element);
      return;
    default:
      field satisfies never;
  }
}

type Tag = (wireType: number) => protobuf.Writer;

function writePacked(tag: Tag, values: Float32Array | Float64Array): void {
  if (values.length === 0) return;
  tag(wire.delimited).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeNested(tag: Tag, schema: Schema, value: unknown): void {
  const writer = tag(wire.delimited).fork();
  writeMessage(writer, schema, value as Readonly<Record<string, unknown>>);
  writer.ldelim();
}
