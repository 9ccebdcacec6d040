import { strFromU8 } from 'fflate';
import { fail } from './failure';

/** An archive with its name, for sentences. */
interface Archive {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Length of the record at a zip archive's end, and of the longest comment behind it. */
const endLength = 22;
const longestComment = 0xffff;
/** Length of one entry of the directory without its name, extra field and comment. */
const headLength = 46;

/**
 * Names of all entries by the directory at a zip archive's end, folders (ending in `/`) included. Nothing is
 * unpacked, so this is a cheap way to see what an archive is.
 *
 * @throws FailureError `unreadable-file` where the archive is cut off or its directory makes no sense
 */
export function listedNames(archive: Archive): string[] {
  return listedEntries(archive).map(({ name }) => name);
}

/** An entry as the directory lists it. */
export interface ListedEntry {
  readonly name: string;
  /** CRC-32 of its unpacked bytes. */
  readonly checksum: number;
}

/** All entries as {@link listedNames} finds them. @throws FailureError as it does */
export function listedEntries({ name, bytes }: Archive): ListedEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(bytes);
  if (end === null) {
    return fail(
      'unreadable-file',
      `${name}: expected a zip archive, but its end is missing; it seems to be cut off, so copy it again.`,
    );
  }
  const entries: ListedEntry[] = [];
  const { from, count, countedUpTo } = directoryAt(view, end);
  // The directory ends where the record begins (or that of a large archive, which is left out of the walk).
  for (let at = from; isEntry(bytes, at);) {
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const [nameLength, ...more] = lengths as [number, number, number];
    // Bit 11 says that the name is UTF-8; older names are one byte a character.
    const isUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    const own = strFromU8(bytes.subarray(at + headLength, at + headLength + nameLength), !isUtf8);
    entries.push({ name: own, checksum: view.getUint32(at + 16, true) });
    at += headLength + nameLength + more.reduce((sum, length) => sum + length, 0);
  }
  if (entries.length % countedUpTo === count) return entries;
  return fail(
    'unreadable-file',
    `${name}: expected a zip archive of ${count} entries, found ${entries.length}; it is damaged, so copy it again.`,
  );
}

/** Where the directory begins, how many entries the record says it has, and where its number begins again at 0. */
interface Directory {
  readonly from: number;
  readonly count: number;
  readonly countedUpTo: number;
}

/** Length of what points to a large archive's own record, and of that record as far as it is read. */
const locatorLength = 20;
const largeEndLength = 56;

/**
 * What the record at the end says, or that of a large archive (Zip64), which holds in 64 bits what the other has no room
 * for; a locator between the two says where it is (APPNOTE 6.3, sections 4.3.14 to 4.3.16).
 */
function directoryAt(view: DataView, end: number): Directory {
  const count = view.getUint16(end + 10, true);
  const from = view.getUint32(end + 16, true);
  const locator = end - locatorLength;
  if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
    const large = Number(view.getBigUint64(locator + 8, true));
    if (large + largeEndLength <= locator && view.getUint32(large, true) === 0x06064b50) {
      const all = Number(view.getBigUint64(large + 32, true));
      const first = Number(view.getBigUint64(large + 48, true));
      return { from: first, count: all, countedUpTo: Infinity };
    }
  }
  // Only 16 bits are there for the number.
  return { from, count, countedUpTo: 0x10000 };
}

function isEntry(bytes: Uint8Array, at: number): boolean {
  return at + headLength <= bytes.length && hasSignature(bytes, at, 1, 2);
}

/** Where the record at the end begins, looked for from behind; null where there is none. */
function endRecord(bytes: Uint8Array): number | null {
  const min = Math.max(0, bytes.length - endLength - longestComment);
  for (let at = bytes.length - endLength; at >= min; at--) {
    if (hasSignature(bytes, at, 5, 6)) return at;
  }
  return null;
}

/** Whether the signature of a record of zip archives, which its last two bytes tell apart, begins there. */
function hasSignature(bytes: Uint8Array, at: number, ...last: readonly [number, number]): boolean {
  return [0x50, 0x4b, ...last].every((byte, index) => bytes[at + index] === byte);
}
