import { Gunzip } from 'fflate';
import { fail } from '../network/failure';
import { startsWith } from './content';
import { crc32 } from '../network/crc32';
import { bytesText, type NamedFile } from './file';

/** Most bytes that one compressed file may grow to: a small file can pretend to hold terabytes. */
const maxBytes = 2 ** 30;
/** Growth of data that are worth unpacking, looked at from `ratioFrom` unpacked bytes on; deflate reaches 1,032. */
const ratio = 200;
const ratioFrom = 2 ** 26;
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
  let checksum = 0;
  const requireMember = (end: number) => {
    const [stated, size] = trailerOf(file.bytes, end);
    if (stated === checksum && size === (length - memberStart) % 2 ** 32) return;
    const advice = 'download the file again';
    fail('unreadable-file', `${file.name}: expected gzip data, but they are cut off or damaged; ${advice}.`);
  };
  const stream = new Gunzip((part) => {
    parts.push(part);
    length += part.length;
    checksum = crc32(part, checksum);
    if (length > max) {
      fail(
        'unreadable-file',
        `${file.name}: expected at most ${bytesText(max)} when unpacked, found more; unpack it and open a part of it.`,
      );
    }
    if (length > ratioFrom && length > ratio * file.bytes.length)
      fail(
        'unreadable-file',
        `${file.name}: expected data that grow at most ${ratio} times when unpacked, found more; unpack it and open a part of it.`,
      );
  });
  stream.onmember = (at) => {
    requireMember(at);
    memberStart = length;
    checksum = 0;
  };
  pump(stream, file);
  requireMember(file.bytes.length);
  return { name: file.name.replace(/\.gz$/i, ''), bytes: joined(parts, length) };
}

/** CRC-32 and length modulo 2^32 of what a member that ends here holds; NaN where there is no room for them. */
function trailerOf(bytes: Uint8Array, end: number): readonly [checksum: number, length: number] {
  if (end < minBytes) return [NaN, NaN];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [view.getUint32(end - 8, true), view.getUint32(end - 4, true)];
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
