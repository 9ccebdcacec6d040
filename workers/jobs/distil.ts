import type { Recipe } from '../../src/compression/recipe';
import { distilSettingsOf } from '../../src/compression/steps/distil';
import { outcomeOf, type CourseHelpers, type CourseState } from '../../src/distil/course';
import { augmentationOf, batchesOf, judgedImages, partsOf, type DrawnImage } from '../../src/distil/schedule';
import type { Patch } from '../../src/network/patch';
import type { CourseTask } from '../protocol/course';
import {
  distilCloseKind,
  distilGradientKind,
  distilJudgeKind,
  distilOpenKind,
  distilPaceKind,
  type DistilReport,
} from '../protocol/distil';
import { chunksOf } from './chunks';
import { inCourse } from './inCourse';
import { defineJob, type JobPool, type SpreadStepTools } from './job';

/** Distils over all threads: each computes gradients of parts of a batch, which a thread of their own adds up in their order. */
export async function distilOverThreads(
  pool: JobPool,
  recipe: Recipe,
  { onProgress, onEvent, resume, signal }: SpreadStepTools,
): Promise<{ readonly patch: Patch; readonly report: DistilReport }> {
  try {
    const { initial, matrices, trained, heldBack } = await pool.unit(distilOpenKind, { recipe });
    const step = recipe.steps.at(-1)!;
    const settings = distilSettingsOf(step.settings)!;
    // It was told by this very kind of step.
    const from = resume as CourseState | undefined;
    const task = { settings, seed: step.seed, trained, initial, matrices, resume: from };
    const state = await courseOf(
      pool,
      task,
      helpersOf(pool, recipe, judgedImages(heldBack, step.seed, settings)),
      { onProgress, onEvent, signal },
    );
    const weights = outcomeOf(state);
    const patch = await pool.unit(distilCloseKind, { recipe, weights });
    const images = { trained: trained.length, heldBack: heldBack.length };
    const best = weights ? state.best.epoch : 0;
    return { patch, report: { isDistilled: weights !== null, best, epochs: state.records, images } };
  } finally {
    await pool.release();
  }
}

/** Runs a course in a thread of its own; where that is lost, it goes on in another one from its last epoch. */
function courseOf(
  pool: JobPool,
  task: CourseTask,
  { gradient, judge }: CourseHelpers,
  { onProgress, onEvent, signal }: Pick<SpreadStepTools, 'onProgress' | 'onEvent' | 'signal'>,
): Promise<CourseState> {
  let last = task.resume;
  const onEpoch = (state: CourseState) => {
    last = state;
    onEvent(state);
  };
  return inCourse(pool, signal, (course, noted) =>
    course.run({ ...task, resume: last }, noted(gradient), noted(judge), onEpoch, (done, total) =>
      onProgress({ stage: 'distilling', done, total, unit: 'images' }),
    ),
  );
}

function helpersOf(pool: JobPool, recipe: Recipe, judging: readonly DrawnImage[]): CourseHelpers {
  return {
    gradient: (weights, step, images, known) =>
      pool.unit(distilGradientKind, { recipe, weights, step, images, known }),
    async judge(weights) {
      const parts = chunksOf(judging.length, pool.threads).map(({ from, to }) =>
        pool.unit(distilJudgeKind, { recipe, weights, images: judging.slice(from, to) }),
      );
      const judged = await Promise.all(parts);
      return {
        divergences: Float64Array.from(judged.flatMap(({ divergences }) => [...divergences])),
        same: judged.reduce((sum, { same }) => sum + same, 0),
      };
    },
  };
}

/** Images that judge while the pace is found. */
const pacedImages = 32;

/** Times a part of a batch on every thread at once, behind one that gets everything ready, and the judging. */
export const distilPaceJob = defineJob(distilPaceKind, async (pool, { recipe }) => {
  try {
    const { initial, trained, heldBack } = await pool.unit(distilOpenKind, { recipe });
    const step = recipe.steps.at(-1)!;
    const settings = distilSettingsOf(step.settings)!;
    const [batch = []] = batchesOf(trained, settings.batch, 1, step.seed, augmentationOf(settings));
    const [part = []] = partsOf(batch);
    const few = judgedImages(heldBack.slice(0, pacedImages), step.seed, settings);
    const { gradient, judge } = helpersOf(pool, recipe, few);
    const parts = () =>
      Promise.all(Array.from({ length: pool.threads }, () => gradient(initial, 0, part, null)));
    await parts();
    const training = await secondsOf(parts);
    const judging = await secondsOf(() => judge(initial, 0));
    return {
      seconds:
        (training * trained.length) / Math.max(1, pool.threads * part.length) +
        (judging * heldBack.length) / Math.max(1, few.length),
    };
  } finally {
    await pool.release();
  }
});

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
