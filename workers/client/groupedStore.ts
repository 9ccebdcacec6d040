import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

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
export function createGroupedStore<T>(name: string, version: number): GroupedStore<T> {
  interface Schema extends DBSchema {
    records: { key: [group: string, name: string]; value: T };
  }
  // The store's name is data to the library, which asks for a literal.
  const store = name.slice(name.lastIndexOf('-') + 1) as 'records';
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = () =>
    (opened ??= openDB<Schema>(name, version, {
      upgrade: (created) => {
        for (const former of created.objectStoreNames) created.deleteObjectStore(former);
        created.createObjectStore(store);
      },
      // A newer page must be able to upgrade; the next call opens the database again.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    }));
  return {
    async load(group) {
      try {
        // A list sorts after every text, so this is every record of the group.
        return await (await database()).getAll(store, IDBKeyRange.bound([group, ''], [group, []]));
      } catch {
        opened = null;
        return [];
      }
    },
    async save(group, records) {
      try {
        const transaction = (await database()).transaction(store, 'readwrite');
        for (const [key, record] of records) {
          void transaction.store.put(record, [group, key]).catch(() => undefined);
        }
        await transaction.done;
        return true;
      } catch {
        // A full disk, a private window, a database in a newer page's hands: whatever it is, it was not saved.
        opened = null;
        return false;
      }
    },
  };
}
