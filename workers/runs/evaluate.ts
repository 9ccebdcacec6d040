import { firstNotFinite } from '../../src/answers/scores';
import { recipeKey } from '../../src/compression/recipe';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { failAtLayer } from '../../src/engine/finite';
import { evaluateKind } from '../protocol/evaluate';
import { ValueChecks } from '../service/valueChecks';
import { defineRun } from './run';

const checks = new ValueChecks();

/** Runs a network on images, or on a chunk of them. */
export const evaluateRun = defineRun(
  evaluateKind,
  async (context, { recipe, selection, witness, notNumbers = 'refused' }, tools) => {
    const on = context.selected(recipe.network, selection);
    const executor = context.executors.get(recipeKey(recipe), () => createExecutor(context.network(recipe)));
    const seen = { ...on, fingerprint: selection.images, index: witness ?? on.indices[0] };
    if (notNumbers === 'refused') await checks.require(executor, seen);
    const isUnanswered =
      notNumbers === 'unanswered' &&
      (await checks.areHidden(executor, context.original(recipe.network), seen));
    const answers = await evaluate(executor, on.images, on.preprocessing, {
      indices: on.indices,
      isCancelled: () => tools.isCancelled(),
      onBatch: ({ done, total }) => tools.onProgress({ stage: 'evaluating', done, total, unit: 'images' }),
    });
    const unanswered = notNumbers === 'refused' ? firstNotFinite(answers) : -1;
    if (unanswered >= 0) return failAtLayer(executor, on.images, on.preprocessing, on.indices[unanswered]!);
    if (isUnanswered) answers.scores.fill(NaN);
    return { images: on.indices.length, ...answers };
  },
);
