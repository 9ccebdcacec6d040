import { recipeKey, type Recipe } from '../../src/compression/recipe';
import { distilSettingsOf } from '../../src/compression/steps/distil';
import { imagesOf } from '../../src/compression/steps/step';
import { Distiller } from '../../src/distil/distiller';
import { splitForDistilling } from '../../src/distil/schedule';
import { fail } from '../../src/network/failure';
import { chainedPatches } from '../../src/network/patch';
import { distilCloseKind, distilGradientKind, distilJudgeKind, distilOpenKind } from '../protocol/distil';
import type { ThreadContext } from '../service/threadContext';
import { defineRun, type RunTools } from './run';

/** Says what is trained, and on which images. */
export const distilOpenRun = defineRun(distilOpenKind, (context, { recipe }, tools) => {
  const { student } = distillerOf(context, recipe, tools);
  const { step } = distilStepOf(recipe);
  const { indices } = context.drawn(recipe.network, imagesOf(step));
  return { initial: student.initial, matrices: student.matrices, ...splitForDistilling(indices, step.seed) };
});

/** Computes the gradient of a part of a batch. */
export const distilGradientRun = defineRun(
  distilGradientKind,
  (context, { recipe, weights, step, images, known }, tools) =>
    distillerOf(context, recipe, tools).gradient(ownOf(weights), step, images, known, tools.pause),
  { isMoved: true },
);

/** Compares weights with the original on some images. */
export const distilJudgeRun = defineRun(distilJudgeKind, (context, { recipe, weights, images }, tools) =>
  distillerOf(context, recipe, tools).judge(ownOf(weights), images, tools.pause),
);

/** Makes the patch of what was found. */
export const distilCloseRun = defineRun(distilCloseKind, (context, { recipe, weights }, tools) => {
  const before = context.patch(beforeStep(recipe));
  if (!weights) return before;
  return chainedPatches(before, distillerOf(context, recipe, tools).patch(weights));
});

/** Weights that lie in shared memory become others with the next step, and backends may read them later. */
function ownOf(weights: Float32Array): Float32Array {
  const isShared = typeof SharedArrayBuffer !== 'undefined' && weights.buffer instanceof SharedArrayBuffer;
  return isShared ? weights.slice() : weights;
}

/** The job's networks in this thread. */
function distillerOf<S extends { task: unknown; event: unknown; result: unknown }>(
  context: ThreadContext,
  recipe: Recipe,
  tools: RunTools<S>,
): Distiller {
  return tools.keep('distiller', () => {
    const { step, settings } = distilStepOf(recipe);
    const { images, preprocessing } = context.drawn(recipe.network, imagesOf(step));
    const teacher = context.original(recipe.network);
    const student = context.network(beforeStep(recipe));
    return new Distiller({ teacher, student, images, preprocessing, settings });
  });
}

function beforeStep(recipe: Recipe): Recipe {
  return { ...recipe, steps: recipe.steps.slice(0, -1) };
}

/** @throws FailureError `invalid-request` where the last step is none, or says settings that there are not */
function distilStepOf(recipe: Recipe) {
  const step = recipe.steps.at(-1);
  const settings = step?.kind === 'distil' ? distilSettingsOf(step.settings) : null;
  if (step && settings) return { step, settings };
  return fail(
    'invalid-request',
    `recipe ${recipeKey(recipe)}: expected settings of distillation within their bounds, found ${JSON.stringify(step?.settings ?? null)}; choose them anew.`,
  );
}
