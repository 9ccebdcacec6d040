import type { NamedFile } from '../sources';
import type { KeptFiles } from '../../store/sessionRecord';

/** Files of sessions in the browser's private file system. What fails rejects, so that it can be said. */
export interface FileStore {
  /** Whether this browser can keep files at all. */
  readonly isAble: boolean;
  /** Keeps files; those that are kept already are not written again. */
  keep(files: readonly NamedFile[]): Promise<KeptFiles>;
  /** null where they are no longer kept, or not whole. */
  load(kept: KeptFiles, names: readonly string[]): Promise<readonly NamedFile[] | null>;
  /** Lets go of everything but these, oldest first beyond the limit; answers the bytes that are left. */
  tidy(digests: readonly string[]): Promise<number>;
}

/** Bytes that the files of all sessions may take. */
export const keptLimit = 2 ** 30;

/** The store; its folder is opened at first use. */
export function createFileStore(): FileStore {
  const folder = async () =>
    (await navigator.storage.getDirectory()).getDirectoryHandle('sessions', { create: true });
  return {
    isAble:
      'storage' in navigator &&
      'getDirectory' in navigator.storage &&
      'subtle' in crypto &&
      'createWritable' in FileSystemFileHandle.prototype,
    async keep(files) {
      const sizes = files.map(({ bytes }) => bytes.length);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      if (total > keptLimit) throw new Error(`they are larger than ${keptLimit} bytes`);
      // Copies in plain memory: the bytes may lie in shared memory, which a Blob refuses.
      const all = new Blob(files.map(({ bytes }) => bytes.slice()));
      const digest = await digestOf(await all.arrayBuffer());
      const handle = await (await folder()).getFileHandle(digest, { create: true });
      if ((await handle.getFile()).size !== total || total === 0) {
        const writable = await handle.createWritable();
        await writable.write(all);
        await writable.close();
      }
      return { digest, sizes };
    },
    async load({ digest, sizes }, names) {
      try {
        const file = await (await (await folder()).getFileHandle(digest)).getFile();
        const bytes = new Uint8Array(await file.arrayBuffer());
        return (await digestOf(bytes.buffer)) === digest ? partsOf(bytes, sizes, names) : null;
      } catch {
        return null;
      }
    },
    async tidy(digests) {
      const own = await folder();
      let total = 0;
      const left = new Map<string, number>();
      for await (const [name, handle] of own.entries())
        if (handle.kind === 'file') left.set(name, (await (handle as FileSystemFileHandle).getFile()).size);
      for (const digest of digests) {
        const size = left.get(digest);
        if (size === undefined || total + size > keptLimit) continue;
        total += size;
        left.delete(digest);
      }
      for (const name of left.keys()) await own.removeEntry(name).catch(() => undefined);
      return total;
    },
  };
}

/** Files that lie one behind the other. */
export function partsOf(
  bytes: Uint8Array,
  sizes: readonly number[],
  names: readonly string[],
): readonly NamedFile[] {
  let at = 0;
  return names.map((name, index) => {
    const part = bytes.subarray(at, at + sizes[index]!);
    at += sizes[index]!;
    return { name, bytes: part };
  });
}

/** SHA-256 in hexadecimal digits. */
export async function digestOf(bytes: ArrayBufferLike): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as ArrayBuffer);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
