import type { Priority } from '../protocol/kinds';
import type { Thread } from './threads';

/** A place for a thread, and what is at work there. */
export interface Slot {
  /** null while its thread is being replaced. */
  thread: Thread | null;
  readonly busy: Set<Priority>;
}

/** The right to work on a thread until it is given back. */
export interface Lease {
  readonly slot: Slot;
  readonly thread: Thread;
  release(): void;
}

/** How a unit waits for its thread. */
export interface Turn {
  readonly priority: Priority;
  /** Before all others of its priority: it has waited before. */
  readonly isFirst?: boolean;
  /** Which of the places it waits for, counted round: where it has kept something; any that is free unless given. */
  readonly place?: number;
}

interface Waiting extends Turn {
  readonly start: (lease: Lease) => void;
  readonly fail: (reason: Error) => void;
}

const priorities = ['immediate', 'foreground', 'background'] as const;

/**
 * Hands units of work to threads, at most one of foreground and of background to each, foreground first, otherwise
 * in order of arrival.
 */
export class ThreadQueue {
  private readonly slots: Slot[] = [];
  private waiting: Waiting[] = [];
  private closed: Error | null = null;

  /** Places for threads, those that are being replaced included. */
  get size(): number {
    return this.slots.length;
  }

  get threads(): readonly Thread[] {
    return this.slots.flatMap(({ thread }) => thread ?? []);
  }

  add(thread: Thread): Slot {
    const slot: Slot = { thread, busy: new Set() };
    this.slots.push(slot);
    this.dispatch();
    return slot;
  }

  /** Puts a new thread in the place of one that is gone. */
  fill(slot: Slot, thread: Thread): void {
    slot.thread = thread;
    this.dispatch();
  }

  /** Gives a place up. */
  remove(slot: Slot): void {
    this.slots.splice(this.slots.indexOf(slot), 1);
  }

  /** Waits for a thread. @throws whatever the queue was closed with */
  acquire(turn: Turn): Promise<Lease> {
    if (this.closed) return Promise.reject(this.closed);
    return new Promise((start, fail) => {
      const waiting = { ...turn, start, fail };
      if (turn.isFirst) this.waiting.unshift(waiting);
      else this.waiting.push(waiting);
      this.dispatch();
    });
  }

  /** Lets nobody wait any longer: all who do, and all who come, fail with the reason. */
  close(reason: Error): void {
    this.closed ??= reason;
    for (const { fail } of this.waiting.splice(0)) fail(reason);
  }

  private dispatch(): void {
    for (const priority of priorities) {
      for (;;) {
        const slotOf = (waiting: Waiting) =>
          waiting.priority === priority ? this.freeFor(priority, waiting.place) : undefined;
        const index = this.waiting.findIndex((waiting) => slotOf(waiting) !== undefined);
        const next = this.waiting[index];
        const slot = next && slotOf(next);
        if (!slot?.thread) break;
        this.waiting.splice(index, 1);
        next!.start(this.lease(slot, slot.thread, priority));
      }
    }
  }

  private lease(slot: Slot, thread: Thread, priority: Priority): Lease {
    if (priority !== 'immediate') slot.busy.add(priority);
    const release = () => {
      if (priority !== 'immediate') slot.busy.delete(priority);
      this.dispatch();
    };
    return { slot, thread, release };
  }

  /** Foreground work takes an idle thread, else one with nothing but background work; background work an idle one. */
  private freeFor(priority: Priority, place?: number): Slot | undefined {
    const among = place === undefined ? this.slots : [this.slots[place % this.slots.length]!];
    const ready = among.filter(({ thread }) => thread !== null);
    const idle = ready.find(({ busy }) => busy.size === 0);
    if (priority === 'immediate') return ready[0];
    if (idle || priority === 'background') return idle;
    return ready.find(({ busy }) => !busy.has('foreground'));
  }
}
