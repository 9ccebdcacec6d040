import { firstNotFinite } from '../../src/answers/scores';
import { recipeKey } from '../../src/compression/recipe';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { failAtLayer } from '../../src/engine/finite';
import { evaluateKind } from '../protocol/evaluate';
import { defineRun } from './run';

/** Runs a network on images, or on a chunk of them. */
export const evaluateRun = defineRun(
  evaluateKind,
  async (context, { recipe, selection, isResult }, tools) => {
    const on = context.selected(recipe.network, selection);
    const executor = context.executors.get(recipeKey(recipe), () => createExecutor(context.network(recipe)));
    const answers = await evaluate(executor, on.images, on.preprocessing, {
      indices: on.indices,
      isCancelled: () => tools.isCancelled(),
      onBatch: ({ done, total }) => tools.onProgress({ stage: 'evaluating', done, total, unit: 'images' }),
    });
    const unanswered = isResult ? firstNotFinite(answers) : -1;
    if (unanswered >= 0) return failAtLayer(executor, on.images, on.preprocessing, on.indices[unanswered]!);
    return { images: on.indices.length, ...answers };
  },
);
