import { gunzipSync, gzipSync } from 'node:zlib';
import { PIXELS_PER_IMAGE } from './task';

/** Bytes of one record: the label, then the planes R, G, B. */
export const RECORD_BYTES = 1 + PIXELS_PER_IMAGE;

/**
 * CIFAR-10's binary layout: per image one label byte, then the planes R, G, B.
 * @param pixels all images' planes, one image after the other
 */
export function toRecords(labels: readonly number[], pixels: Uint8Array): Uint8Array {
  if (pixels.length !== labels.length * PIXELS_PER_IMAGE) {
    throw new RangeError(
      `toRecords: expected ${String(labels.length * PIXELS_PER_IMAGE)} bytes, got ${String(pixels.length)}`,
    );
  }
  const records = new Uint8Array(labels.length * RECORD_BYTES);
  labels.forEach((label, image) => {
    records[image * RECORD_BYTES] = label;
    records.set(
      pixels.subarray(image * PIXELS_PER_IMAGE, (image + 1) * PIXELS_PER_IMAGE),
      image * RECORD_BYTES + 1,
    );
  });
  return records;
}

/** The label of every record. */
export function labelsOf(records: Uint8Array): number[] {
  return Array.from(
    { length: records.length / RECORD_BYTES },
    (_, image) => records[image * RECORD_BYTES] ?? 0,
  );
}

/**
 * gzip. Another release of zlib may pack the same records into other bytes, so the hash that tells whether images are
 * the same is that of the records.
 */
export function pack(records: Uint8Array): Uint8Array {
  return gzipSync(records, { level: 9, memLevel: 9 });
}

/** The records of a packed file. */
export function unpack(packed: Uint8Array): Uint8Array {
  return gunzipSync(packed);
}
