import { Gunzip } from 'fflate';
import { fail } from '../network/failure';
import { startsWith } from './content';
import { bytesText, type NamedFile } from './file';

/** Most bytes that one compressed file may grow to: a small file can pretend to hold terabytes. */
const maxBytes = 2 ** 30;
/** Compressed bytes handed over at once, so that growth is noticed early. */
const step = 1 << 16;
/** Header and trailer of gzip data. */
const minBytes = 18;

/**
 * Unpacks a gzip-compressed file, told by its content; other files pass as they are.
 *
 * @param most bytes that the unpacked data may have, 1 GiB unless told otherwise
 * @throws FailureError `unreadable-file` where the data are damaged, cut off or grow beyond that
 */
export function gunzipped(file: NamedFile, max = maxBytes): NamedFile {
  if (!startsWith(file.bytes, [0x1f, 0x8b])) return file;
  const parts: Uint8Array[] = [];
  let length = 0;
  let memberStart = 0;
  const stream = new Gunzip((part) => {
    parts.push(part);
    length += part.length;
    if (length > max) {
      fail(
        'unreadable-file',
        `${file.name}: expected at most ${bytesText(max)} when unpacked, found more; unpack it and open a part of it.`,
      );
    }
  });
  stream.onmember = () => (memberStart = length);
  pump(stream, file);
  if (declaredLength(file.bytes) !== (length - memberStart) % 2 ** 32) {
    const advice = 'download the file again';
    fail('unreadable-file', `${file.name}: expected gzip data, but they are cut off or damaged; ${advice}.`);
  }
  return { name: file.name.replace(/\.gz$/i, ''), bytes: joined(parts, length) };
}

/** The unpacked length that the last four bytes of gzip data state, modulo 2^32; NaN where there is no room for it. */
function declaredLength(bytes: Uint8Array): number {
  if (bytes.length < minBytes) return NaN;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - 4, true);
}

function pump(stream: Gunzip, { name, bytes }: NamedFile): void {
  try {
    for (let at = 0; at < bytes.length; at += step) {
      stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
    }
  } catch (error) {
    // fflate numbers its errors; failures of our own pass.
    if (!(error instanceof Error) || !('code' in error) || typeof error.code === 'string') throw error;
    fail(
      'unreadable-file',
      `${name}: expected gzip data, but they are damaged (${error.message}); download the file again.`,
    );
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
