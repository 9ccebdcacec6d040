import type { ComputeService } from '../protocol/service';

/** One thread with its service. */
export interface Thread {
  readonly service: ComputeService;
  /** Ends the thread; calls that are under way settle as cancelled. */
  close(): void;
}

/** Foreground work is what a person waits for; background work (sweeps) yields to it between tasks. */
export type Priority = 'foreground' | 'background';

interface Waiting {
  readonly priority: Priority;
  readonly start: (thread: Thread) => void;
}

/** Hands tasks to threads, one at a time to each, foreground first, otherwise in order of arrival. */
export class ThreadQueue {
  private readonly idle: Thread[] = [];
  private readonly all: Thread[] = [];
  private waiting: Waiting[] = [];

  get threads(): readonly Thread[] {
    return this.all;
  }

  add(thread: Thread): void {
    this.all.push(thread);
    this.release(thread);
  }

  /** Runs a task on the next free thread. */
  async run<T>(priority: Priority, task: (service: ComputeService) => Promise<T>): Promise<T> {
    const thread = await this.claim(priority);
    try {
      return await task(thread.service);
    } finally {
      this.release(thread);
    }
  }

  close(): void {
    for (const thread of this.all) thread.close();
    this.waiting = [];
  }

  private claim(priority: Priority): Promise<Thread> {
    const free = this.idle.shift();
    if (free) return Promise.resolve(free);
    return new Promise((start) => this.waiting.push({ priority, start }));
  }

  private release(thread: Thread): void {
    const foreground = this.waiting.findIndex((waiting) => waiting.priority === 'foreground');
    const [next] = this.waiting.splice(Math.max(foreground, 0), 1);
    if (next) next.start(thread);
    else this.idle.push(thread);
  }
}
