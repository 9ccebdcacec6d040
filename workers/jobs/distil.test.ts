import { expose } from 'comlink';
import { expect, test } from 'vitest';
import { withStep, originalRecipe } from '../../src/compression/recipe';
import { distilStep } from '../../src/compression/steps/distil';
import type { CourseState } from '../../src/distil/course';
import { bowl } from '../../src/distil/testing/bowl';
import { FailureError } from '../../src/network/failure';
import { remoteCourse } from '../pool/remoteService';
import { threadEnd, threadLost } from '../pool/threads';
import type { CourseThread } from '../protocol/course';
import {
  distilCloseKind,
  distilGradientKind,
  distilJudgeKind,
  distilOpenKind,
  type DistilGradientSpec,
} from '../protocol/distil';
import { inThreadCourse, InThreadCourse } from '../service/course';
import { movingCourse } from '../service/movingCourse';
import { distilOverThreads } from './distil';
import { quietTools } from '../testing/quietTools';
import type { JobPool } from './job';

const recipe = withStep(
  originalRecipe('n'),
  distilStep(
    { images: 'i', draw: { kind: 'all' }, preprocessing: { channels: 'rgb', mean: [0], scale: [1] } },
    3,
    {
      ...{ epochs: 5, rate: 0.05, batch: 4, views: 2 },
    },
  ),
);
const helpers = bowl([0.5, -0.25, 1]);
type Task = DistilGradientSpec['task'];

/** Threads that answer as a bowl does, and courses as they are opened. */
function poolOf(
  openCourse: () => CourseThread,
  gradient = (task: Task) => helpers.gradient(task.weights, task.step, task.images, task.known),
) {
  const answers: Record<string, (task: never) => unknown> = {
    [distilOpenKind.name]: () => ({
      initial: Float32Array.of(0, 0, 0),
      trained: Uint32Array.from({ length: 12 }, (_, index) => index),
      heldBack: Uint32Array.of(12, 13),
    }),
    [distilGradientKind.name]: gradient,
    [distilJudgeKind.name]: ({ weights, step }: Task) => helpers.judge(weights, step),
    [distilCloseKind.name]: ({ weights }: { weights: Float32Array | null }) => ({
      replacements: [],
      weights: weights?.slice(),
    }),
  };
  const pool = {
    threads: 1,
    unit: (kind: { name: string }, task: unknown) => Promise.resolve(answers[kind.name]!(task as never)),
    openCourse,
    release: () => Promise.resolve(),
  };
  // What a distillation needs of a pool and no more.
  return pool as unknown as JobPool;
}

/** A course at the other end of a channel, as a page has it. */
function remote(): CourseThread {
  const { port1, port2 } = new MessageChannel();
  expose(movingCourse(new InThreadCourse()), port1);
  port1.start();
  port2.start();
  const close = () => [port1, port2].forEach((port) => port.close());
  return { service: remoteCourse(port2, new Promise(() => undefined)), close };
}

test('another thread comes to the same numbers, and tells of every epoch', async () => {
  const here: CourseState[] = [];
  const there: CourseState[] = [];
  const note = (told: CourseState[]) => (state: unknown) =>
    void told.push(structuredClone(state) as CourseState);
  const own = await distilOverThreads(poolOf(inThreadCourse), recipe, { ...quietTools, onEvent: note(here) });
  const other = await distilOverThreads(poolOf(remote), recipe, { ...quietTools, onEvent: note(there) });
  expect(other).toEqual(own);
  expect(there).toEqual(here);
  expect(there).toHaveLength(6);
  const resumed = await distilOverThreads(poolOf(remote), recipe, { ...quietTools, resume: there[2] });
  expect(resumed).toEqual(own);
});

test('what fails in a compute thread fails so, and the course is closed', async () => {
  let closed = 0;
  const opened = () => {
    const course = remote();
    return { ...course, close: () => (closed++, course.close()) };
  };
  const failing = () => Promise.reject(new FailureError('out-of-memory', 'No room for the gradient.'));
  await expect(distilOverThreads(poolOf(opened, failing), recipe, quietTools)).rejects.toMatchObject({
    code: 'out-of-memory',
    message: 'No room for the gradient.',
  });
  expect(closed).toBe(1);
});

test('a course whose thread dies goes on in another one from its last epoch', async () => {
  const own = await distilOverThreads(poolOf(inThreadCourse), recipe, quietTools);
  let opened = 0;
  const begun: number[] = [];
  const dying = (): CourseThread => {
    const { service, close } = inThreadCourse();
    const { failed, end } = threadEnd();
    const isLast = ++opened === 3;
    return {
      close,
      service: {
        repair: (...given) => service.repair(...given),
        run: (task, gradient, judge, onEpoch, onProgress) => {
          begun.push(task.resume?.records.length ?? 0);
          const told = (state: CourseState) => {
            void onEpoch(structuredClone(state));
            if (!isLast && state.records.length === 2 * opened) end(threadLost());
          };
          return Promise.race([service.run(task, gradient, judge, told, onProgress), failed]);
        },
      },
    };
  };
  expect(await distilOverThreads(poolOf(dying), recipe, quietTools)).toEqual(own);
  expect(begun[0]).toBe(0);
  expect(begun[1]).toBeGreaterThanOrEqual(2);
  expect(begun[2]).toBeGreaterThanOrEqual(4);
});
