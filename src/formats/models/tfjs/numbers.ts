import { halfToFloat } from '../../half';

/** Float16 (IEEE 754 binary16, little-endian) as float32. */
export function fromFloat16(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length >> 1 }, (_, index) =>
    halfToFloat(view.getUint16(2 * index, true)),
  );
}
