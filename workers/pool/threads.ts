import type { ComputeService } from '../protocol/service';

/** One thread with its service. */
export interface Thread {
  readonly service: ComputeService;
  /** Ends the thread; calls that are under way settle as cancelled. */
  close(): void;
}

/**
 * Foreground work is what a person waits for. Background work (sweeps) steps aside inside a thread while
 * foreground work runs there, so a thread may hold one task of each.
 */
export type Priority = 'foreground' | 'background';

interface Waiting {
  readonly priority: Priority;
  readonly start: (slot: Slot) => void;
}

/** A thread and what it is at. */
interface Slot {
  readonly thread: Thread;
  readonly busy: Set<Priority>;
}

/** Hands tasks to threads, at most one of each priority to each, foreground first, otherwise in order of arrival. */
export class ThreadQueue {
  private readonly slots: Slot[] = [];
  private waiting: Waiting[] = [];

  get threads(): readonly Thread[] {
    return this.slots.map(({ thread }) => thread);
  }

  add(thread: Thread): void {
    this.slots.push({ thread, busy: new Set() });
    this.dispatch();
  }

  /** Runs a task on the next thread that is free for it. */
  async run<T>(priority: Priority, task: (service: ComputeService) => Promise<T>): Promise<T> {
    const slot = await new Promise<Slot>((start) => {
      this.waiting.push({ priority, start });
      this.dispatch();
    });
    try {
      return await task(slot.thread.service);
    } finally {
      slot.busy.delete(priority);
      this.dispatch();
    }
  }

  close(): void {
    for (const { thread } of this.slots) thread.close();
    this.waiting = [];
  }

  private dispatch(): void {
    for (const priority of ['foreground', 'background'] as const) {
      for (let slot = this.freeFor(priority); slot; slot = this.freeFor(priority)) {
        const index = this.waiting.findIndex((waiting) => waiting.priority === priority);
        if (index < 0) break;
        slot.busy.add(priority);
        this.waiting.splice(index, 1)[0]!.start(slot);
      }
    }
  }

  /** Foreground work takes an idle thread, else one with nothing but background work; background work an idle one. */
  private freeFor(priority: Priority): Slot | undefined {
    const idle = this.slots.find(({ busy }) => busy.size === 0);
    if (idle || priority === 'background') return idle;
    return this.slots.find(({ busy }) => !busy.has('foreground'));
  }
}
