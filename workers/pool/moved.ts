import { transfer } from 'comlink';

/** Marks a value's arrays as moved with it to another thread: copies of large ones would hold up who receives them. */
export function moved<T extends object>(value: T): T {
  return transfer(value, [...buffersOf(value)]);
}

function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) buffersOf(part, found);
  return found;
}
