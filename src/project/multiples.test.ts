import { expect, it } from 'vitest';
import type { LatencyReport } from '../../workers/protocol/latency';
import { multiplesNote, multiplesTask, multiplesText, withMultipleTimes } from './multiples';
import { ready } from './testing/states';
import { withSettings } from './transitions';

const exactly = (value: number) => ({ median: value, lowerQuartile: value, upperQuartile: value });

/** Times of the original and of plans, in milliseconds. */
function report(original: number, times: readonly number[]): LatencyReport {
  const timings = [original, ...times].map((time) => ({
    time: exactly(time),
    speedUp: exactly(original / time),
  }));
  return { runtime: 'WebAssembly', threads: 1, batches: [{ batchSize: 1, timings }] };
}

const state = withSettings(ready(0.6), { method: 'map', target: 0.6, multiple: 2 });
const task = multiplesTask(state)!;

it('the plans of every multiple that leaves something to cut are timed, whichever is in use', () => {
  // Of nine ranks none is a multiple of 16.
  expect(task.plans.map(({ multiple }) => multiple)).toEqual([1, 2, 4, 8]);
  for (const { multiple, recipe } of task.plans) {
    const ranks = Object.values(recipe.layers).map((choice) => choice.kind === 'low-rank' && choice.rank);
    expect(ranks.length).toBeGreaterThan(0);
    expect(ranks.every((rank) => rank !== false && rank % multiple === 0)).toBe(true);
  }
  expect(multiplesTask(withSettings(state, { multiple: 8 }))!.key).toBe(task.key);
});

it.each<[string, readonly number[], number, string]>([
  ['the fastest', [5, 5, 4, 4.5], 4, 'Multiples of 4 are fastest here'],
  ['the smallest of those that are as fast', [5, 4.05, 4, 4.5], 2, 'Multiples of 2 are fastest here'],
  ['none, where any rank is as fast', [4, 4, 4, 4], 1, 'Any rank is as fast here'],
])('%s is taken', (_, times, best, text) => {
  const note = multiplesNote(withMultipleTimes(state, task, report(10, times)))!;
  expect(note.best).toBe(best);
  times.forEach((time, at) => expect(note.times[at]!.time).toBeCloseTo(time, 9));
  expect(multiplesText(note)).toContain(text);
});

it('nothing is timed where nothing is cut or nothing runs', () => {
  expect(multiplesTask(withSettings(state, { target: 1 }))).toBeNull();
  expect(multiplesTask({ ...state, backend: null })).toBeNull();
});
