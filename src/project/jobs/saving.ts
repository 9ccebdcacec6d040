/** What was found reaches the page and the disk together, this often. */
const flushMilliseconds = 400;

/** Takes what a job finds, piece by piece. */
export interface Collector<T> {
  add(item: T): void;
  /** Hands over what is still waiting; resolves once it was tried to be saved. */
  flush(): Promise<void>;
}

/**
 * Saves what a job finds while it runs, so that a page that is closed in the middle loses next to nothing. What could
 * not be saved is tried again with what comes next.
 *
 * @param save answers whether it was done
 * @param onFlush told that there is something new, before it is saved
 */
export function collect<T>(
  save: (items: readonly T[]) => Promise<boolean>,
  onFlush: () => void = () => undefined,
): Collector<T> {
  let fresh: readonly T[] = [];
  let unsaved: readonly T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (fresh.length === 0) return;
    const pending = [...unsaved, ...fresh];
    [fresh, unsaved] = [[], []];
    onFlush();
    if (!(await save(pending))) unsaved = [...pending, ...unsaved];
  }
  return {
    add(item) {
      fresh = [...fresh, item];
      timer ??= setTimeout(() => void flush(), flushMilliseconds);
    },
    flush,
  };
}
