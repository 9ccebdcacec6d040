import protobuf from 'protobufjs/minimal.js';
import type { NamedFile } from '../../file';
import { MalformedMessage, decodeMessage } from '../protobuf';
import { netSchema } from './schema';

/** Wire types of the fields of a NetParameter that may stand before its layers. */
const fields: ReadonlyMap<number, readonly number[]> = new Map([
  [1, [2]], // name
  [3, [2]], // input
  [4, [0, 2]], // input_dim
  [5, [0]], // force_backward
  [6, [2]], // state
  [7, [0]], // debug_info
  [8, [2]], // input_shape
]);
const layerFields: ReadonlyMap<number, 'layer' | 'layers'> = new Map([
  [100, 'layer'],
  [2, 'layers'],
]);

/** Whether a file is a net with weights, judged by its fields up to the first layer, which must be whole. */
export function looksLikeCaffemodel({ bytes }: NamedFile): boolean {
  const reader = protobuf.Reader.create(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const kind = layerFields.get(tag >>> 3);
      if (kind && (tag & 7) === 2) return isLayer(kind, reader.bytes());
      if (!fields.get(tag >>> 3)?.includes(tag & 7)) return false;
      reader.skipType(tag & 7);
    }
  } catch {
    // Not even the fields before the first layer are whole.
  }
  return false;
}

/** Every layer has a name and a type, and blobs or none. */
function isLayer(kind: 'layer' | 'layers', bytes: Uint8Array): boolean {
  try {
    const { name, type } = decodeMessage(netSchema[kind].schema, bytes, '');
    const isNamed = name !== undefined && /^[\x20-\x7e]+$/.test(name);
    return isNamed && (typeof type === 'number' || (type !== undefined && /^\w+$/.test(type)));
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return false;
  }
}

/** Text is looked at no further than this: comments and licences may come first. */
const looked = 1 << 16;

/** Whether a file is text that describes a net (and not a solver, which describes its training). */
export function looksLikePrototxt({ bytes }: NamedFile): boolean {
  const head = bytes.subarray(0, looked);
  if (head.some((byte) => byte === 0)) return false;
  const text = new TextDecoder().decode(head).replace(/#.*/g, '');
  return (
    /^\s*(name|input|input_dim|input_shape|force_backward|state|layers?)\s*[:{]/.test(text) &&
    /(^|\s)(layers?\s*:?\s*\{|input\s*:)/.test(text)
  );
}
