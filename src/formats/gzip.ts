import { Gunzip } from 'fflate';
import { fail } from '../network/failure';
import { startsWith } from './content';
import type { NamedFile } from './file';

/** Most bytes that one compressed file may grow to: a small file can pretend to hold terabytes. */
const mostBytes = 2 ** 30;
/** Compressed bytes handed over at once, so that growth is noticed early. */
const step = 1 << 16;

/**
 * Unpacks a gzip-compressed file, told by its content; other files pass as they are.
 *
 * @throws FailureError `unreadable-file` where the data are damaged, cut off or grow beyond 1 GiB
 */
export function gunzipped(file: NamedFile): NamedFile {
  if (!startsWith(file.bytes, [0x1f, 0x8b])) return file;
  const parts: Uint8Array[] = [];
  let length = 0;
  let isComplete = false;
  const stream = new Gunzip((part, final) => {
    parts.push(part);
    length += part.length;
    isComplete ||= final;
    if (length > mostBytes)
      fail(
        'unreadable-file',
        `${file.name}: expected at most 1 GiB of images, the unpacked data are larger.`,
      );
  });
  pump(stream, file);
  if (!isComplete)
    fail(
      'unreadable-file',
      `${file.name}: expected gzip data, but they end too early; download the file again.`,
    );
  return { name: file.name.replace(/\.gz$/i, ''), bytes: joined(parts, length) };
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
