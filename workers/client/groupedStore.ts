import type { DBSchema } from 'idb';
import { keepDatabase, type OnStorage } from './database';

/** Records of the browser's disk, each in a group. It may forget everything at any time, but never fails. */
export interface GroupedStore<T> {
  /** All records of a group; none where nothing was saved or nothing can be read. */
  load(group: string): Promise<readonly T[]>;
  /** Saves or replaces records by their names; answers whether they were saved. */
  save(group: string, records: Iterable<readonly [name: string, record: T]>): Promise<boolean>;
}

/**
 * Opens a database of its own at first use.
 *
 * @param name of the database and, behind its last hyphen, of its one store
 * @param version another one drops everything that was saved before
 */
export function createGroupedStore<T>(name: string, version: number, onStorage: OnStorage): GroupedStore<T> {
  interface Schema extends DBSchema {
    records: { key: [group: string, name: string]; value: T };
  }
  // The store's name is data to the library, which asks for a literal.
  const store = name.slice(name.lastIndexOf('-') + 1) as 'records';
  const database = keepDatabase<Schema>(name, version, [store], onStorage);
  return {
    load: (group) =>
      // A list sorts after every text, so this is every record of the group.
      database.read<T[]>((open) => open.getAll(store, IDBKeyRange.bound([group, ''], [group, []])), []),
    save: (group, records) =>
      database.write(async (open) => {
        const transaction = open.transaction(store, 'readwrite');
        for (const [key, record] of records) {
          void transaction.store.put(record, [group, key]).catch(() => undefined);
        }
        await transaction.done;
        return true;
      }, false),
  };
}
