import { transfer } from 'comlink';

/** Marks a value's arrays as moved with it to another thread: copies of large ones would hold up who receives them. */
export function moved<T extends object>(value: T): T {
  return transfer(value, [...ownBuffers(value)]);
}

/** The buffers of all arrays of numbers in plain data that fill theirs: parts of larger ones stay, and are copied. */
function ownBuffers(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) found.add(buffer);
  } else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) ownBuffers(part, found);
  return found;
}
