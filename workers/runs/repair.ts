import { ranksOf, withoutSteps, type Recipe, type Step } from '../../src/compression/recipe';
import { imagesOf } from '../../src/compression/steps/step';
import { fail } from '../../src/network/failure';
import { repairNetwork } from '../../src/repair/repairNetwork';
import { repairRunKind } from '../protocol/repair';
import { defineRun } from './run';

/** Repairs a network whose layers are cut. */
export const repairRun = defineRun(repairRunKind, async (context, { recipe, resume }, tools) => {
  const step = repairStepOf(recipe);
  const { patch, layers, divergence, isRepaired } = await repairNetwork({
    network: context.original(recipe.network),
    ranks: ranksOf(recipe),
    factorsOf: (layer) => context.chosenFactors(withoutSteps(recipe), layer),
    ...context.drawn(recipe.network, imagesOf(step)),
    seed: step.seed,
    resume,
    isCancelled: () => tools.isCancelled(),
    onLayer: (checkpoint) => tools.onEvent(checkpoint),
    onProgress: ({ done, total }) => tools.onProgress({ stage: 'repairing', done, total, unit: 'layers' }),
  });
  return { patch, report: { layers, divergence, isRepaired } };
});

/** @throws FailureError `invalid-request` where the recipe is not a cut network and one repair */
function repairStepOf({ steps }: Recipe): Step {
  const [step, ...more] = steps;
  if (step?.kind === 'repair' && more.length === 0) return step;
  const found = steps.map(({ kind }) => kind).join(', ') || 'none';
  return fail(
    'invalid-request',
    `Repair needs a recipe whose one step is a repair, found ${found}; open the plan again.`,
  );
}
