import { expect, test, vi } from 'vitest';
import { collect } from './saving';

test('what comes is saved together, now and then, and what could not be saved with what comes next', async () => {
  vi.useFakeTimers();
  try {
    const saved: (readonly number[])[] = [];
    let works = true;
    let flushes = 0;
    const collector = collect<number>(
      (items) => {
        saved.push(items);
        return Promise.resolve(works);
      },
      () => flushes++,
    );
    collector.add(1);
    collector.add(2);
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(400);
    works = false;
    collector.add(3);
    await vi.advanceTimersByTimeAsync(400);
    collector.add(4);
    await vi.advanceTimersByTimeAsync(400);
    works = true;
    collector.add(5);
    await collector.flush();
    expect(saved).toEqual([[1, 2], [3], [3, 4], [3, 4, 5]]);
    await vi.advanceTimersByTimeAsync(4000);
    await collector.flush();
    expect([saved.length, flushes]).toEqual([4, 4]);
  } finally {
    vi.useRealTimers();
  }
});
