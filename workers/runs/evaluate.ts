import { firstNotFinite } from '../../src/answers/scores';
import { recipeKey } from '../../src/compression/recipe';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor, type Executor } from '../../src/engine/executor';
import { failAtLayer } from '../../src/engine/finite';
import { canHideFaults, requireFiniteValues } from '../../src/engine/hiddenFaults';
import { evaluateKind } from '../protocol/evaluate';
import type { SelectedImages } from '../service/selectedImages';
import { defineRun } from './run';

/** Executors whose values were looked at on an image, where answers alone would not tell. */
const lookedAt = new WeakSet<Executor>();

/** @throws FailureError `invalid-network` where a layer answers something else than numbers that is not seen behind it */
async function requireNumbers(
  executor: Executor,
  { images, preprocessing, indices }: SelectedImages,
): Promise<void> {
  const [first] = indices;
  if (lookedAt.has(executor) || first === undefined) return;
  lookedAt.add(executor);
  const { network } = executor;
  if (canHideFaults(network)) await requireFiniteValues(network, images, preprocessing, first);
}

/** Runs a network on images, or on a chunk of them. */
export const evaluateRun = defineRun(
  evaluateKind,
  async (context, { recipe, selection, isResult }, tools) => {
    const on = context.selected(recipe.network, selection);
    const executor = context.executors.get(recipeKey(recipe), () => createExecutor(context.network(recipe)));
    if (isResult) await requireNumbers(executor, on);
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
