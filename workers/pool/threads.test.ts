import { expect, test } from 'vitest';
import type { ComputeService } from '../protocol/service';
import { ThreadQueue, type Priority } from './threads';

/** A queue of threads that do nothing, and tasks that end when they are told to. */
function setUp(threads: number) {
  const queue = new ThreadQueue();
  const services = Array.from({ length: threads }, (_, index) => ({ index }) as unknown as ComputeService);
  for (const service of services) queue.add({ service, close: () => undefined });
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string, priority: Priority) =>
    queue.run(priority, async (service) => {
      started.push(`${name} on ${services.indexOf(service)}`);
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
  queue.add({ service: {} as ComputeService, close: () => undefined });
  await expect(queue.run('background', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(queue.run('background', () => Promise.resolve(7))).resolves.toBe(7);
});
