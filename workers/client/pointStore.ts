import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { pointKey, type MeasuredPoint } from '../../src/enc/sweep/points';
import { contentDigest } from '../../src/network/contentDigest';
import type { Preprocessing } from '../../src/network/images';

/** What points hold for. Another of any of these is another sweep. */
export interface SweepIdentity {
  /** Fingerprints. */
  readonly network: string;
  readonly images: string;
  /** The sweep's list of images: a point is about its first so many. */
  readonly indices: Uint32Array;
  readonly preprocessing: Preprocessing;
  /** Names the images that layers were re-fitted on before they were measured; null for truncated layers. */
  readonly repair: string | null;
}

/** Measured points that outlive the page. It may forget everything at any time, but never fails. */
export interface PointStore {
  /** All points of a sweep; none where nothing was saved or nothing can be read. */
  load(sweep: SweepIdentity): Promise<readonly MeasuredPoint[]>;
  /** Saves or replaces points; answers whether they were saved. */
  save(sweep: SweepIdentity, points: readonly MeasuredPoint[]): Promise<boolean>;
}

interface Schema extends DBSchema {
  points: {
    key: [sweep: string, point: string];
    value: { readonly sweep: string; readonly point: MeasuredPoint };
  };
}

const databaseName = 'enc-studio-points';
/** Raise it whenever points measured before would no longer be what is measured now. */
const version = 3;

/** Opens the browser's database at first use. */
export function createPointStore(): PointStore {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = () => (opened ??= openDatabase());
  return {
    async load(sweep) {
      try {
        const text = sweepText(sweep);
        // A list sorts after every text, so this is every point of the sweep.
        const range = IDBKeyRange.bound([text, ''], [text, []]);
        const records = await (await database()).getAll('points', range);
        return records.map(({ point }) => point);
      } catch {
        opened = null;
        return [];
      }
    },
    async save(sweep, points) {
      try {
        const text = sweepText(sweep);
        const transaction = (await database()).transaction('points', 'readwrite');
        for (const point of points) {
          void transaction.store.put({ sweep: text, point }, [text, pointKey(point)]).catch(() => undefined);
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

function openDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(databaseName, version, {
    upgrade: (database) => {
      for (const name of database.objectStoreNames) database.deleteObjectStore(name);
      database.createObjectStore('points');
    },
    // A newer page must be able to upgrade; the next call opens the database again.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

function sweepText({ network, images, indices, preprocessing, repair }: SweepIdentity): string {
  const { channels, mean, scale } = preprocessing;
  return JSON.stringify([network, images, contentDigest(indices), channels, mean, scale, repair]);
}
