import { afterEach, expect, it, vi } from 'vitest';
import { ofToday } from './ofToday';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

it('comes to every case once in so many days', () => {
  vi.stubEnv('EVERY_CASE', '');
  const cases = ['a', 'b', 'c', 'd', 'e'];
  const tried = [0, 1, 2].flatMap((day) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 5 + day) });
    return ofToday(cases, 3);
  });
  expect(tried.toSorted()).toEqual(cases);
});

it('is all of them where that is asked for', () => {
  vi.stubEnv('EVERY_CASE', '1');
  expect(ofToday([1, 2, 3], 3)).toEqual([1, 2, 3]);
});
