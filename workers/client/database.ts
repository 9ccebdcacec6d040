import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** Told why nothing can be kept (a sentence), and null once something can again. */
export type OnStorage = (problem: string | null) => void;

/** A database of the browser's disk that may fail at any time, and says so. */
export interface Database<S extends DBSchema> {
  /** Reads; what fails, for whatever reason, is as good as not there. */
  read<R>(work: (database: IDBPDatabase<S>) => Promise<R>, otherwise: R): Promise<R>;
  /** Writes; what fails is as good as not done. */
  write<R>(work: (database: IDBPDatabase<S>) => Promise<R>, otherwise: R): Promise<R>;
}

/** How long a browser may take to open one: some never answer. */
const openLimit = 20_000;

/**
 * Opens a database at first use, and again after a failure.
 *
 * @param version another one drops everything that was saved before
 * @param stores names of its stores
 */
export function keepDatabase<S extends DBSchema>(
  name: string,
  version: number,
  stores: readonly IDBPDatabase<S>['objectStoreNames'][number][],
  onStorage: OnStorage,
): Database<S> {
  let opening: Promise<IDBPDatabase<S>> | null = null;
  /** Why the opening does not come to its end, as long as it does not. */
  let held: Error | null = null;

  function open(): Promise<IDBPDatabase<S>> {
    let hold: (reason: Error) => void = () => undefined;
    const isHeld = new Promise<never>((_, reject) => {
      hold = (reason) => reject((held = reason));
    });
    isHeld.catch(() => undefined);
    const limit = setTimeout(() => hold(new Error('it does not answer')), openLimit);
    const opened = openOrReject<S>(name, version, {
      upgrade: (created) => {
        for (const former of created.objectStoreNames) created.deleteObjectStore(former);
        for (const store of stores) created.createObjectStore(store);
      },
      blocked: () => hold(new HeldError()),
      // A newer page must be able to upgrade; the next call opens the database again.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    const settled = () => {
      clearTimeout(limit);
      held = null;
    };
    opened.then(settled, settled);
    return Promise.race([opened, isHeld]).catch((error: unknown) => {
      // Those who come while it is held need not wait; once it opens, they use it.
      opening = held ? opened : null;
      throw error;
    });
  }

  async function use<R>(
    work: (database: IDBPDatabase<S>) => Promise<R>,
    otherwise: R,
    onDone: () => void,
  ): Promise<R> {
    try {
      if (held) throw held;
      const result = await work(await (opening ??= open()));
      onDone();
      return result;
    } catch (error) {
      if (!held) opening = null;
      onStorage(sentenceOf(error));
      return otherwise;
    }
  }

  return {
    // That something can be read does not say that there is room for more.
    read: (work, otherwise) => use(work, otherwise, () => undefined),
    write: (work, otherwise) => use(work, otherwise, () => onStorage(null)),
  };
}

/** A browser that refuses storage may throw at once instead of answering so. */
async function openOrReject<S extends DBSchema>(
  ...all: Parameters<typeof openDB<S>>
): Promise<IDBPDatabase<S>> {
  return openDB<S>(...all);
}

/** An older page of the studio keeps a newer one from its database. */
class HeldError extends Error {}

/** What is to be done differs: a full disk, a private window, an older page. */
function sentenceOf(error: unknown): string {
  const expected = 'Expected to keep what is measured in this browser,';
  if (error instanceof HeldError)
    return `${expected} found its storage held by an older page of the studio; close or reload that page.`;
  const { name, message } =
    error instanceof Error || error instanceof DOMException ? error : new Error(String(error));
  if (name === 'QuotaExceededError')
    return `${expected} found no room left; make room on the disk, or what is measured from now on is lost when the page is closed.`;
  return `${expected} found its storage refused (${message || name}); allow this page to store data or leave the private window, or what is measured is lost when the page is closed.`;
}
