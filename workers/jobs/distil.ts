import type { Recipe } from '../../src/compression/recipe';
import { distilSettingsOf } from '../../src/compression/steps/distil';
import { outcomeOf, runCourse, type CourseHelpers, type CourseState } from '../../src/distil/course';
import type { Patch } from '../../src/network/patch';
import {
  distilCloseKind,
  distilGradientKind,
  distilJudgeKind,
  distilOpenKind,
  type DistilReport,
} from '../protocol/distil';
import { chunksOf } from './chunks';
import type { JobPool, SpreadStepTools } from './job';

/** Distils over all threads: each computes gradients of parts of a batch, which are added up here in their order. */
export async function distilOverThreads(
  pool: JobPool,
  recipe: Recipe,
  { onProgress, onEvent, resume }: SpreadStepTools,
): Promise<{ readonly patch: Patch; readonly report: DistilReport }> {
  try {
    const { initial, trained, heldBack } = await pool.unit(distilOpenKind, { recipe });
    const step = recipe.steps.at(-1)!;
    const state = await runCourse(
      {
        ...{ settings: distilSettingsOf(step.settings)!, seed: step.seed, trained, initial },
        // It was told by this very kind of step.
        resume: resume as CourseState | undefined,
        now: () => performance.now(),
        onEpoch: onEvent,
        onProgress: (done, total) => onProgress({ stage: 'distilling', done, total, unit: 'images' }),
      },
      helpersOf(pool, recipe, heldBack),
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

function helpersOf(pool: JobPool, recipe: Recipe, heldBack: Uint32Array): CourseHelpers {
  return {
    gradient: (weights, step, images) => pool.unit(distilGradientKind, { recipe, weights, step, images }),
    async judge(weights) {
      const parts = chunksOf(heldBack.length, pool.threads).map(({ from, to }) =>
        pool.unit(distilJudgeKind, { recipe, weights, indices: heldBack.slice(from, to) }),
      );
      const judged = await Promise.all(parts);
      return {
        divergences: Float64Array.from(judged.flatMap(({ divergences }) => [...divergences])),
        same: judged.reduce((sum, { same }) => sum + same, 0),
      };
    },
  };
}
