import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** Right answers of raced plans that outlive the page. It may forget everything at any time, but never fails. */
export interface MarksStore {
  /** Marks by the key of the ranks, for the images that `race` names. */
  load(race: string): Promise<Map<string, Uint8Array>>;
  save(race: string, marks: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
}

interface Schema extends DBSchema {
  marks: {
    key: [race: string, ranks: string];
    value: { readonly ranks: string; readonly marks: Uint8Array };
  };
}

const databaseName = 'enc-studio-marks';
/** Raise it whenever marks made before would no longer be what is made now. */
const version = 1;

/** Opens the browser's database at first use. */
export function createMarksStore(): MarksStore {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = () => (opened ??= openDatabase());
  return {
    async load(race) {
      try {
        const range = IDBKeyRange.bound([race, ''], [race, []]);
        const records = await (await database()).getAll('marks', range);
        return new Map(records.map(({ ranks, marks }) => [ranks, marks]));
      } catch {
        opened = null;
        return new Map();
      }
    },
    async save(race, marks) {
      try {
        const transaction = (await database()).transaction('marks', 'readwrite');
        for (const [ranks, own] of marks) {
          void transaction.store.put({ ranks, marks: own }, [race, ranks]).catch(() => undefined);
        }
        await transaction.done;
        return true;
      } catch {
        // As with points: whatever it is, it was not saved.
        opened = null;
        return false;
      }
    },
  };
}

function openDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(databaseName, version, {
    upgrade: (database) => {
      for (const name of database.objectStoreNames) database.deleteObjectStore(name);
      database.createObjectStore('marks');
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}
