import type { DBSchema, IDBPTransaction } from 'idb';
import { keepDatabase, type OnStorage } from './database';

/** Large records on the browser's disk, up to a limit. It may forget everything at any time, but never fails. */
export interface LimitedStore<T> {
  /** null where nothing was saved under the key or nothing can be read. */
  load(key: string): Promise<T | null>;
  /** Saves or replaces a record of so many bytes; answers whether it was saved. */
  save(key: string, record: T, bytes: number): Promise<boolean>;
}

interface Use {
  readonly bytes: number;
  /** When the record was last saved or loaded, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Opens a database of its own at first use.
 *
 * @param version another one drops everything that was saved before
 * @param limit bytes beyond which what was used least recently is deleted
 */
export function createLimitedStore<T>(
  name: string,
  version: number,
  limit: number,
  onStorage: OnStorage,
): LimitedStore<T> {
  interface Schema extends DBSchema {
    records: { key: string; value: T };
    uses: { key: string; value: Use };
  }
  type Change = IDBPTransaction<Schema, ['records', 'uses'], 'readwrite'>;
  const database = keepDatabase<Schema>(name, version, ['records', 'uses'], onStorage);
  const makeRoom = async (change: Change) => {
    const uses = change.objectStore('uses');
    const [keys, all] = await Promise.all([uses.getAllKeys(), uses.getAll()]);
    let bytes = all.reduce((sum, use) => sum + use.bytes, 0);
    for (const index of [...all.keys()].sort((a, b) => all[a]!.at - all[b]!.at)) {
      if (bytes <= limit) return;
      const key = keys[index]!;
      await Promise.all([uses.delete(key), change.objectStore('records').delete(key)]);
      bytes -= all[index]!.bytes;
    }
  };
  /** Does something in one transaction; what fails is as good as not done. */
  const changing = <R>(work: (change: Change) => Promise<R>, otherwise: R): Promise<R> =>
    database.write(async (open) => {
      const change = open.transaction(['records', 'uses'], 'readwrite');
      // Where the work fails first, nobody waits for this.
      change.done.catch(() => undefined);
      const result = await work(change);
      await change.done;
      return result;
    }, otherwise);
  return {
    load: (key) =>
      changing<T | null>(async (change) => {
        const uses = change.objectStore('uses');
        const [record, use] = await Promise.all([change.objectStore('records').get(key), uses.get(key)]);
        if (record === undefined || !use) return null;
        await uses.put({ ...use, at: Date.now() }, key);
        return record;
      }, null),
    save: (key, record, bytes) =>
      changing(async (change) => {
        if (bytes > limit) return false;
        await Promise.all([
          change.objectStore('records').put(record, key),
          change.objectStore('uses').put({ bytes, at: Date.now() }, key),
        ]);
        await makeRoom(change);
        return true;
      }, false),
  };
}
