import { recipeKey } from '../../src/compression/recipe';
import { fail } from '../../src/network/failure';
import { runKind } from '../protocol/kinds';
import { stepKind, type StepRunSpec } from '../protocol/step';
import { defineJob } from './job';

/** Takes a step on one thread; on another one it goes on behind what was told last. */
export const stepJob = defineJob(stepKind, async (pool, { recipe }, { onProgress }) => {
  const { network, steps } = recipe;
  const step =
    steps.at(-1) ??
    fail(
      'invalid-request',
      'Expected a recipe with a step to take, found none; choose a plan that is repaired.',
    );
  const key = recipeKey(recipe);
  const told: unknown[] = [];
  const { patch, report } = await pool.unit(
    runKind<StepRunSpec>(step.kind),
    { recipe, resume: [] },
    {
      onProgress,
      onEvent: (checkpoint) => told.push(checkpoint),
      again: () => ({ recipe, resume: told }),
    },
  );
  await pool.put({ kind: 'patches', network, patches: [{ key, patch }], isRepeatable: true });
  return { ...(report as object), key };
});
