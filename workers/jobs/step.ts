import { recipeKey, type Recipe } from '../../src/compression/recipe';
import { fail } from '../../src/network/failure';
import type { Patch } from '../../src/network/patch';
import { runKind } from '../protocol/kinds';
import type { OnProgress } from '../protocol/progress';
import { stepKind, type StepRunSpec } from '../protocol/step';
import { defineJob, type JobPool } from './job';
import { spreadSteps } from './spreadSteps';

/** Takes a step, over the threads where its kind says how. */
export const stepJob = defineJob(
  stepKind,
  async (pool, { recipe, resume }, { onProgress, onEvent, signal }) => {
    const { network, steps } = recipe;
    const step =
      steps.at(-1) ??
      fail(
        'invalid-request',
        'Expected a recipe with a step to take, found none; choose a plan that is repaired.',
      );
    const key = recipeKey(recipe);
    const spread = Object.hasOwn(spreadSteps, step.kind) ? spreadSteps[step.kind] : undefined;
    const { patch, report } = spread
      ? await spread(pool, recipe, { onProgress, onEvent, resume, signal })
      : await onOneThread(pool, recipe, step.kind, onProgress);
    await pool.put({ kind: 'patches', network, patches: [{ key, patch }], isRepeatable: true });
    return { ...(report as object), key };
  },
);

/** On another thread it goes on behind what was told last. */
function onOneThread(
  pool: JobPool,
  recipe: Recipe,
  kind: string,
  onProgress: OnProgress,
): Promise<{ readonly patch: Patch; readonly report: unknown }> {
  const told: unknown[] = [];
  return pool.unit(
    runKind<StepRunSpec>(kind),
    { recipe, resume: [] },
    {
      onProgress,
      onEvent: (checkpoint) => told.push(checkpoint),
      again: () => ({ recipe, resume: told }),
    },
  );
}
