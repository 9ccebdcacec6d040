import { describe, expect, it } from 'vitest';
import {
  failureOf,
  hasEnded,
  isRunning,
  keyOfKind,
  listed,
  onlyJob,
  secondsLeft,
  statusOf,
  withoutKinds,
  withStatus,
  type JobStatus,
} from './jobStatus';

describe('secondsLeft', () => {
  const progress = (done: number) => ({ stage: 'evaluating', done, total: 100, unit: 'images' }) as const;
  const start = { done: 0, at: 0 };
  it('follows the pace so far', () => {
    expect(secondsLeft(progress(25), start, 10)).toBe(30);
  });
  it('does not count what it took to begin', () => {
    expect(secondsLeft(progress(11), { done: 1, at: 8 }, 9)).toBeCloseTo(8.9, 9);
  });
  it('says nothing before there is a pace and after the end', () => {
    expect(secondsLeft(null, start, 10)).toBeNull();
    expect(secondsLeft(progress(0), start, 10)).toBeNull();
    expect(secondsLeft(progress(1), { done: 1, at: 8 }, 10)).toBeNull();
    expect(secondsLeft(progress(25), start, 0.1)).toBeNull();
    expect(secondsLeft(progress(100), start, 10)).toBeNull();
  });
});

it('statuses are kept by kind and key, and an end without trouble leaves none', () => {
  const running: JobStatus = { state: 'running', title: 'a', progress: null, secondsLeft: null };
  const failure = { code: 'device-lost', message: 'Lost.' } as const;
  const failed: JobStatus = { state: 'failed', title: 'b', failure };
  const jobs = withStatus(withStatus({}, { kind: 'race', key: 'x' }, running), onlyJob('backend'), failed);
  expect(statusOf(jobs, 'race', 'x')).toBe(running);
  expect([isRunning(jobs, 'race'), isRunning(jobs, 'backend')]).toEqual([true, false]);
  expect([hasEnded(jobs, 'race', 'x'), hasEnded(jobs, 'backend'), hasEnded(jobs, 'race', 'y')]).toEqual([
    false,
    true,
    false,
  ]);
  expect([failureOf(jobs, 'backend'), failureOf(jobs, 'race', 'x')]).toEqual([failure, null]);
  expect([keyOfKind(jobs, 'race'), keyOfKind(jobs, 'sweep')]).toEqual(['x', null]);
  expect(listed(jobs).map(({ id }) => id)).toEqual([{ kind: 'race', key: 'x' }, onlyJob('backend')]);
  expect(listed(withoutKinds(jobs, ['race'])).map(({ id }) => id)).toEqual([onlyJob('backend')]);
  expect(listed(withStatus(jobs, { kind: 'race', key: 'x' }, null))).toHaveLength(1);
});
