import type { Executor } from '../../src/engine/executor';

/**
 * Keeps the executors used last, because the chunks of one evaluation reach a thread one after the other. The
 * number is bounded, so that a hundred plans hold no more memory than a few.
 */
export class ExecutorCache {
  // A Map iterates in order of insertion, so its first key is the one unused for longest.
  private readonly executors = new Map<string, Executor>();

  constructor(private readonly capacity: number) {}

  /** The executor under this key, made where it is not at hand. It stays owned by the cache. */
  get(key: string, make: () => Executor): Executor {
    const executor = this.executors.get(key) ?? make();
    this.executors.delete(key);
    this.executors.set(key, executor);
    for (const [oldest, unused] of this.executors) {
      if (this.executors.size <= this.capacity) break;
      unused.dispose();
      this.executors.delete(oldest);
    }
    return executor;
  }
}
