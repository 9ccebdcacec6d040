import { halfToFloat } from '../network/half';

/** Float16 (IEEE 754 binary16, little-endian) as float32. */
export function fromFloat16(bytes: Uint8Array): Float32Array {
  return fromShort(bytes, halfToFloat);
}

/** Bfloat16 (the upper half of a float32, little-endian) as float32. */
export function fromBfloat16(bytes: Uint8Array): Float32Array {
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  return fromShort(bytes, (bits) => {
    word[0] = bits << 16;
    return float[0]!;
  });
}

function fromShort(bytes: Uint8Array, valueOf: (bits: number) => number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length >> 1 }, (_, index) =>
    valueOf(view.getUint16(2 * index, true)),
  );
}
