import { expect, test } from 'vitest';
import { defaultDistil } from '../compression/steps/distil';
import { runCourse, type CourseRequest, type CourseState } from './course';
import { runUntilStopped } from './stopping';
import { bowl } from './testing/bowl';

const request = (stop: number, more: Partial<CourseRequest> = {}): CourseRequest => ({
  settings: { ...defaultDistil, epochs: 6, stop, rate: 0.05, batch: 4 },
  seed: 3,
  trained: Uint32Array.from({ length: 12 }, (_, index) => index),
  initial: Float32Array.of(0, 0),
  matrices: [],
  now: () => 0,
  ...more,
});

test('a course that is stopped has come to what the whole one had come to there, begun anew or gone on with', async () => {
  const helpers = bowl([0.5, -1]);
  const told: CourseState[] = [];
  const whole = await runCourse(
    request(0, { onEpoch: (state) => void told.push(structuredClone(state)) }),
    helpers,
  );
  expect(await runUntilStopped(request(0), helpers)).toEqual(whole);
  for (const stop of [1, 4, 6]) {
    expect(await runUntilStopped(request(stop), helpers)).toEqual(told[stop]);
    for (const resume of [told[0]!, told[stop]!])
      expect(await runUntilStopped(request(stop, { resume }), helpers)).toEqual(told[stop]);
  }
});

test('what a helper throws is no stop', async () => {
  const broken = { ...bowl([1]), judge: () => Promise.reject(new Error('no answer')) };
  await expect(runUntilStopped(request(3), broken)).rejects.toThrow('no answer');
});
