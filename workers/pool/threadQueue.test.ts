import { expect, test } from 'vitest';
import type { Priority } from '../protocol/kinds';
import { ThreadQueue, type Turn } from './threadQueue';
import type { Thread } from './threads';

const idleThread = () => ({ close: () => undefined }) as unknown as Thread;

async function onThread<T>(queue: ThreadQueue, turn: Turn, task: (thread: Thread) => Promise<T>): Promise<T> {
  const lease = await queue.acquire(turn);
  try {
    return await task(lease.thread);
  } finally {
    lease.release();
  }
}

/** A queue of threads that do nothing, and tasks that end when they are told to. */
function setUp(threads: number) {
  const queue = new ThreadQueue();
  const pool = Array.from({ length: threads }, idleThread);
  for (const thread of pool) queue.add(thread);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string, priority: Priority, turn: Partial<Turn> = {}) =>
    onThread(queue, { priority, ...turn }, async (thread) => {
      started.push(`${name} on ${pool.indexOf(thread)}`);
      await new Promise<void>((end) => ends.set(name, end));
    });
  const finish = async (name: string) => {
    ends.get(name)!();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { run, finish, started };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a thread at background work still takes foreground work, but one of each only', async () => {
  const { run, finish, started } = setUp(1);
  const work = [run('sweep', 'background'), run('next sweep', 'background')];
  await settled();
  work.push(run('evaluation', 'foreground'), run('export', 'foreground'));
  await settled();
  expect(started).toEqual(['sweep on 0', 'evaluation on 0']);
  await finish('sweep');
  expect(started.length).toBe(2);
  await finish('evaluation');
  expect(started).toEqual(['sweep on 0', 'evaluation on 0', 'export on 0']);
  await finish('export');
  expect(started[3]).toBe('next sweep on 0');
  await finish('next sweep');
  await Promise.all(work);
});

test('foreground work prefers an idle thread', async () => {
  const { run, finish, started } = setUp(2);
  const work = [run('sweep', 'background')];
  await settled();
  work.push(run('evaluation', 'foreground'));
  await settled();
  expect(started).toEqual(['sweep on 0', 'evaluation on 1']);
  await finish('sweep');
  await finish('evaluation');
  await Promise.all(work);
});

test('a failed task frees its thread', async () => {
  const queue = new ThreadQueue();
  queue.add(idleThread());
  const turn = { priority: 'background' } as const;
  await expect(onThread(queue, turn, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(onThread(queue, turn, () => Promise.resolve(7))).resolves.toBe(7);
});

test('what comes again goes first', async () => {
  const { run, finish, started } = setUp(1);
  const work = [run('sweep', 'background'), run('evaluation', 'foreground')];
  await settled();
  work.push(run('export', 'foreground'));
  work.push(run('repair', 'foreground', { isFirst: true }));
  await finish('evaluation');
  expect(started.slice(2)).toEqual(['repair on 0']);
  await finish('repair');
  expect(started.slice(3)).toEqual(['export on 0']);
  await finish('export');
  await finish('sweep');
  await Promise.all(work);
});

test('what waits for a place waits for no other one, and holds nobody up', async () => {
  const { run, finish, started } = setUp(2);
  const work = [run('evaluation', 'foreground', { place: 1 }), run('part', 'foreground', { place: 3 })];
  await settled();
  work.push(run('export', 'foreground'));
  await settled();
  expect(started).toEqual(['evaluation on 1', 'export on 0']);
  await finish('export');
  expect(started.length).toBe(2);
  await finish('evaluation');
  expect(started[2]).toBe('part on 1');
  await finish('part');
  await Promise.all(work);
});

test('a look at what a thread holds waits for nothing but a thread', async () => {
  const { run, finish, started } = setUp(1);
  const work = [run('evaluation', 'foreground'), run('look', 'immediate')];
  await settled();
  expect(started).toEqual(['evaluation on 0', 'look on 0']);
  await finish('look');
  await finish('evaluation');
  await Promise.all(work);
});

test('a place without a thread is passed over until it is filled', async () => {
  const queue = new ThreadQueue();
  const slot = queue.add(idleThread());
  slot.thread = null;
  const waiting = queue.acquire({ priority: 'foreground' });
  await settled();
  const thread = idleThread();
  queue.fill(slot, thread);
  expect((await waiting).thread).toBe(thread);
});

test('nobody waits at a queue that is closed', async () => {
  const queue = new ThreadQueue();
  const waiting = queue.acquire({ priority: 'foreground' });
  queue.close(new Error('closed'));
  await expect(waiting).rejects.toThrow('closed');
  await expect(queue.acquire({ priority: 'immediate' })).rejects.toThrow('closed');
});
