import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { MalformedMessage, decodeMessage, encodeMessage, type Schema } from '.';

const inner = {
  text: { number: 1, kind: 'text' },
  integers: { number: 20, kind: 'integers' },
} as const satisfies Schema;

const schema = {
  integer: { number: 1, kind: 'integer' },
  float: { number: 2, kind: 'float' },
  floats: { number: 4, kind: 'floats' },
  doubles: { number: 10, kind: 'doubles' },
  texts: { number: 5, kind: 'texts' },
  bytes: { number: 9, kind: 'bytes' },
  message: { number: 7, kind: 'message', schema: inner },
  messages: { number: 300, kind: 'messages', schema: inner },
} as const satisfies Schema;

const arbitraryInner = fc.record({ text: fc.string(), integers: fc.array(fc.maxSafeInteger()) });
const arbitraryMessage = fc.record({
  integer: fc.maxSafeInteger(),
  float: fc.float({ noNaN: true }),
  floats: fc.float32Array(),
  doubles: fc.float64Array(),
  texts: fc.array(fc.string({ unit: 'grapheme' })),
  bytes: fc.uint8Array(),
  message: arbitraryInner,
  messages: fc.array(arbitraryInner),
});

describe('protocol-buffer messages', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(arbitraryMessage, (message) => {
        const again = decodeMessage(schema, encodeMessage(schema, message), 'message');
        const { message: nested, messages, ...flat } = again;
        expect({ ...flat, message: { ...nested }, messages: messages.map((each) => ({ ...each })) }).toEqual(
          message,
        );
      }),
    );
  });

  it('are empty where the bytes are', () => {
    const { integer, floats, texts, message } = decodeMessage(schema, new Uint8Array(0), 'message');
    expect([integer, floats, texts, message]).toEqual([undefined, new Float32Array(0), [], undefined]);
  });

  it('skip fields that the schema does not list', () => {
    const writer = new protobuf.Writer();
    writer.uint32((99 << 3) | 2).string('unknown');
    writer.uint32((98 << 3) | 0).int64(-1);
    writer.uint32((97 << 3) | 1).double(1);
    writer.uint32((1 << 3) | 0).int64(42);
    expect(decodeMessage(schema, writer.finish(), 'message').integer).toBe(42);
  });

  it('take repeated numbers one by one and packed, in order', () => {
    const writer = new protobuf.Writer();
    writer.uint32((4 << 3) | 5).float(1);
    writer.uint32((4 << 3) | 5).float(2);
    writer.uint32((4 << 3) | 2).bytes(new Uint8Array(Float32Array.of(3, 4).buffer));
    writer.uint32((4 << 3) | 5).float(5);
    expect([...decodeMessage(schema, writer.finish(), 'message').floats]).toEqual([1, 2, 3, 4, 5]);
  });

  it('say where a field is longer than the bytes that are left', () => {
    const bytes = new protobuf.Writer()
      .uint32((7 << 3) | 2)
      .uint32(1000)
      .finish();
    const decode = () => decodeMessage(schema, bytes, 'file');
    expect(decode).toThrow(new MalformedMessage('file.message', '1000 bytes expected, 0 left'));
  });

  it('say which wire type was expected', () => {
    const bytes = new protobuf.Writer()
      .uint32((1 << 3) | 2)
      .string('text')
      .finish();
    expect(() => decodeMessage(schema, bytes, 'file')).toThrow(
      /file\.integer: expected wire type 0, found 2/,
    );
  });

  it('never end in anything but a message or a MalformedMessage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeMessage(schema, bytes, 'file');
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
