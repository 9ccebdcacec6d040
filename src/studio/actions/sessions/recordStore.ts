import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Glance, SessionRecord } from '../../store/sessionRecord';

/** Sessions on the browser's disk. What fails rejects, so that it can be said. */
export interface RecordStore {
  save(record: SessionRecord): Promise<void>;
  load(id: string): Promise<SessionRecord | null>;
  /** The newest first. */
  list(): Promise<readonly Glance[]>;
  remove(id: string): Promise<void>;
}

/** Raise it whenever records saved before could no longer be read. */
const version = 1;
/** Sessions that are kept; of more, those saved longest ago go. */
const mostSessions = 20;

interface Schema extends DBSchema {
  records: { key: string; value: SessionRecord };
  /** Apart, so that a list need not read every document. */
  glances: { key: string; value: Glance };
}

/** Opens its database at first use. */
export function createRecordStore(): RecordStore {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = async () => {
    try {
      return await (opened ??= openDB<Schema>('enc-studio-sessions', version, {
        upgrade: (created) => {
          for (const former of created.objectStoreNames) created.deleteObjectStore(former);
          created.createObjectStore('records');
          created.createObjectStore('glances');
        },
        blocking: (_current, _blocked, event) => {
          opened = null;
          (event.target as IDBDatabase).close();
        },
        terminated: () => (opened = null),
      }));
    } catch (error) {
      opened = null;
      throw error;
    }
  };
  const list = async () => {
    const all = await (await database()).getAll('glances');
    return all.sort((a, b) => b.savedAt - a.savedAt);
  };
  const remove = async (id: string) => {
    const change = (await database()).transaction(['records', 'glances'], 'readwrite');
    await Promise.all([
      change.objectStore('records').delete(id),
      change.objectStore('glances').delete(id),
      change.done,
    ]);
  };
  return {
    async save(record) {
      const change = (await database()).transaction(['records', 'glances'], 'readwrite');
      const { id, title, savedAt, state, ranks, sources } = record;
      const written = [
        change.objectStore('records').put(record, id),
        change.objectStore('glances').put({ id, title, savedAt, state, ranks, sources }, id),
      ];
      // A page that is being left commits nothing by itself any more.
      change.commit();
      await Promise.all([...written, change.done]);
      for (const old of (await list()).slice(mostSessions)) await remove(old.id);
    },
    async load(id) {
      return (await (await database()).get('records', id)) ?? null;
    },
    list,
    remove,
  };
}
