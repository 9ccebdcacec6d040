import { fail } from './failure';

/** What may be chosen from, each entry in a file of its own, in the order in which it is listed everywhere. */
export interface Registry<T extends { readonly id: string }> {
  /** Grows where an entry is added; do not keep copies. */
  readonly all: readonly T[];
  /** @throws FailureError `invalid-request` for an id that no entry has; the sentence lists those there are */
  get(id: string): T;
  find(id: string): T | undefined;
  /**
   * Lists one more entry, last: for extensions and tests.
   *
   * @returns takes it out again
   * @throws Error where another entry has the same id
   */
  add(entry: T): () => void;
}

/** @param what names an entry in failures: "method", "metric" */
export function createRegistry<T extends { readonly id: string }>(
  what: string,
  entries: readonly T[],
): Registry<T> {
  const all: T[] = [];
  const find = (id: string) => all.find((entry) => entry.id === id);
  const idList = () => all.map(({ id }) => id).join(', ');
  const add = (entry: T) => {
    if (find(entry.id)) throw new Error(`${what} ${entry.id}: expected an id of its own, found it taken`);
    all.push(entry);
    return () => void all.splice(all.indexOf(entry), 1);
  };
  entries.forEach(add);
  const get = (id: string) =>
    find(id) ?? fail('invalid-request', `${what}: expected ${idList()}, found "${id}"; choose one of these.`);
  return { all, get, find, add };
}
