import { recipeKey } from '../../src/compression/recipe';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { evaluateKind } from '../protocol/evaluate';
import { defineRun } from './run';

/** Runs a network on images, or on a chunk of them. */
export const evaluateRun = defineRun(evaluateKind, async (context, { recipe, selection }, tools) => {
  const on = context.selected(recipe.network, selection);
  const executor = context.executors.get(recipeKey(recipe), () => createExecutor(context.network(recipe)));
  const answers = await evaluate(executor, on.images, on.preprocessing, {
    indices: on.indices,
    isCancelled: () => tools.isCancelled(),
    onBatch: ({ done, total }) => tools.onProgress({ stage: 'evaluating', done, total, unit: 'images' }),
  });
  return { images: on.indices.length, ...answers };
});
