/** Entries that are found by their names; whatever loops over them knows none by itself. */
export interface Registry<T> {
  /** In the order in which they were added. */
  readonly all: readonly T[];
  get(name: string): T | undefined;
  /** @throws Error where the name is taken */
  add(entry: T): void;
}

/** @param nameOf what an entry is found by */
export function createRegistry<T>(nameOf: (entry: T) => string, entries: readonly T[]): Registry<T> {
  const known = new Map<string, T>();
  const registry: Registry<T> = {
    get all() {
      return [...known.values()];
    },
    get: (name) => known.get(name),
    add(entry) {
      const name = nameOf(entry);
      if (known.has(name)) throw new Error(`registry: expected a new name, got "${name}" again`);
      known.set(name, entry);
    },
  };
  for (const entry of entries) registry.add(entry);
  return registry;
}
