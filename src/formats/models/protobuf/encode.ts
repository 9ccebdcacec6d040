import protobuf from 'protobufjs/minimal.js';
import { wire, type Field, type MessageInput, type Schema } from './schema';

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
