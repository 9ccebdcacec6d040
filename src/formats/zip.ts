import { Unzip, UnzipInflate, type UnzipFile } from 'fflate';
import { fail } from '../network/failure';
import { startsWith } from './content';
import { crc32 } from '../network/crc32';
import { bytesText, type NamedFile } from './file';
import { unsafeNameReason } from './safeNames';
import { listedEntries, type ListedEntry } from '../network/zipDirectory';

/** How much one archive may hold: a small file can pretend to hold terabytes, or millions of files. */
export interface ZipLimits {
  readonly entries: number;
  /** Unpacked bytes of one entry. */
  readonly entryBytes: number;
  /** Unpacked bytes of all entries together. */
  readonly totalBytes: number;
  /** Unpacked bytes per byte of the archive, looked at from `ratioFrom` unpacked bytes on. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

/** Room for the largest networks and data sets that a page can hold; deflate alone reaches a ratio of 1,000. */
export const zipLimits: ZipLimits = {
  entries: 100_000,
  entryBytes: 2 ** 30,
  totalBytes: 2 ** 31,
  ratio: 200,
  ratioFrom: 2 ** 26,
};

/** Compressed bytes handed over at once, so that growth is noticed early. */
const step = 1 << 14;

/** Whether the content is that of a zip archive. */
export function isZip({ bytes }: NamedFile): boolean {
  return startsWith(bytes, [0x50, 0x4b, 3, 4]) || startsWith(bytes, [0x50, 0x4b, 5, 6]);
}

/**
 * Unpacks a zip archive: one file per entry, named as in the archive, in the archive's order; folders are left
 * out. Sizes that the archive states are never believed: what comes out is counted while it is unpacked.
 *
 * @throws FailureError `unreadable-file` where the archive is damaged or cut off, where a name is absolute or
 * leads out of the archive (`..`), or where it grows beyond the limits
 */
export function unzipped(archive: NamedFile, limits: ZipLimits = zipLimits): NamedFile[] {
  const listed = listedEntries(archive);
  if (listed.length > limits.entries) {
    refuse(archive, `at most ${count(limits.entries)} entries, found ${count(listed.length)}`);
  }
  for (const { name } of listed) requireSafeName(archive, name);
  const entries = new Entries(archive, limits);
  pump(archive, entries);
  return entries.finished(listed);
}

/** What has been unpacked so far. */
class Entries {
  private readonly files = new Map<string, Uint8Array>();
  private total = 0;

  constructor(
    private readonly archive: NamedFile,
    private readonly limits: ZipLimits,
  ) {}

  /** Takes an entry in: from now on its bytes are counted as they come. */
  add(entry: UnzipFile): void {
    const { archive, limits } = this;
    requireSafeName(archive, entry.name);
    if (this.files.size >= limits.entries)
      refuse(archive, `at most ${count(limits.entries)} entries, found more`);
    if (this.files.has(entry.name)) refuse(archive, `every name once, found "${entry.name}" again`);
    this.files.set(entry.name, new Uint8Array(0));
    const parts: Uint8Array[] = [];
    let length = 0;
    entry.ondata = (error, part, isLast) => {
      if (error) throw error;
      length += part.length;
      this.total += part.length;
      this.checkSize(entry.name, length);
      // A part may be a view of a buffer that is used again.
      parts.push(part.slice());
      if (isLast) this.files.set(entry.name, joined(parts, length));
    };
    entry.start();
  }

  private checkSize(name: string, length: number): void {
    const { archive, limits, total } = this;
    if (length > limits.entryBytes)
      refuse(archive, `at most ${bytesText(limits.entryBytes)} in "${name}", found more`);
    if (total > limits.totalBytes)
      refuse(archive, `at most ${bytesText(limits.totalBytes)} when unpacked, found more`);
    if (total > limits.ratioFrom && total > limits.ratio * archive.bytes.length)
      refuse(archive, `data that grow at most ${limits.ratio} times when unpacked, found more`);
  }

  /** All files; each one that the archive lists must have come. */
  finished(listed: readonly ListedEntry[]): NamedFile[] {
    for (const { name, checksum } of listed) {
      const bytes = this.files.get(name);
      if (!bytes) return damaged(this.archive, `the entry "${name}" cannot be found`);
      if (crc32(bytes) !== checksum)
        damaged(this.archive, `the entry "${name}" has another checksum than the archive states`);
    }
    const files = [...this.files].filter(([name]) => !name.endsWith('/'));
    return files.map(([name, bytes]) => ({ name, bytes }));
  }
}

function pump(archive: NamedFile, entries: Entries): void {
  const { bytes } = archive;
  const stream = new Unzip((entry) => entries.add(entry));
  stream.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += step) {
      stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
    }
  } catch (error) {
    // fflate numbers its errors; failures of our own pass.
    if (!(error instanceof Error) || !('code' in error) || typeof error.code === 'string') throw error;
    damaged(archive, error.message);
  }
}

function requireSafeName(archive: NamedFile, name: string): void {
  const reason = unsafeNameReason(name);
  if (reason !== null)
    refuse(archive, `names inside the archive, found "${shortened(name)}", which ${reason}`);
}

const longestShown = 80;

/** A name for a sentence: those in archives may be 64 kB long. */
function shortened(name: string): string {
  return name.length > longestShown ? `${name.slice(0, longestShown)}…` : name;
}

function refuse({ name }: NamedFile, expectation: string): never {
  fail('unreadable-file', `${name}: expected a zip archive with ${expectation}; it was not unpacked.`);
}

function damaged({ name }: NamedFile, problem: string): never {
  fail('unreadable-file', `${name}: expected a zip archive, but it is damaged (${problem}); copy it again.`);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
