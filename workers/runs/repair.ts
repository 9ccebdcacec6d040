import { ranksOf, withoutSteps, type Recipe, type Step } from '../../src/compression/recipe';
import { imagesOf } from '../../src/compression/steps/step';
import { fail } from '../../src/network/failure';
import { applyPatch } from '../../src/network/patch';
import { judgedImages, repairDivergences } from '../../src/repair/divergence';
import { layersOf, refittedPatch, repairPlan, type RepairSetting } from '../../src/repair/plan';
import { RepairShare } from '../../src/repair/share';
import {
  repairCloseKind,
  repairJudgeKind,
  repairOpenKind,
  repairPartKind,
  type PartAnswer,
} from '../protocol/repair';
import type { ThreadContext } from '../service/threadContext';
import { defineRun } from './run';

/** Says what a repair has to do. */
export const repairOpenRun = defineRun(repairOpenKind, (context, { recipe }) => {
  const setting = settingOf(context, recipe);
  const plan = repairPlan(setting);
  return {
    layers: layersOf(plan),
    parts: plan.parts.length,
    judged: judgedImages(setting.indices).length,
  };
});

/** Answers what fits ask of some parts of the images. */
export const repairPartRun = defineRun(
  repairPartKind,
  async (context, { recipe, parts, from, fits, ask }, tools): Promise<PartAnswer> => {
    const share = tools.keep(
      `repair ${parts.join()}`,
      () => new RepairShare(settingOf(context, recipe), parts),
    );
    if (share.done < from) {
      fail(
        'step-unknown',
        `Expected a thread that knows what became of ${from} layers, found one that knows ${share.done}; repair again.`,
      );
    }
    share.accept(fits.slice(share.done - from));
    switch (ask.kind) {
      case 'moments':
        return share.moments(tools.pause);
      case 'rectified':
        return share.rectified(ask.group, ask.fit, ask.of, tools.pause);
      case 'error':
        return share.heldBackError(ask.group, ask.fit, tools.pause);
    }
  },
  { isMoved: true },
);

/** Makes the patch of what was fitted. */
export const repairCloseRun = defineRun(repairCloseKind, (context, { recipe, fits }) =>
  refittedPatch(repairPlan(settingOf(context, recipe)), fits),
);

/** Compares the networks with and without repair with the original. */
export const repairJudgeRun = defineRun(repairJudgeKind, (context, { recipe, patch, from, to }, tools) => {
  const { network, images, preprocessing, indices } = settingOf(context, recipe);
  const truncated = context.network(withoutSteps(recipe));
  const own = judgedImages(indices).slice(from, to);
  const isCancelled = () => tools.isCancelled();
  return repairDivergences(network, truncated, applyPatch(truncated, patch), {
    ...{ images, preprocessing, indices: own, isCancelled },
  });
});

/** @throws FailureError `invalid-request` where the recipe is not a cut network and one repair */
function settingOf(context: ThreadContext, recipe: Recipe): RepairSetting {
  const step = repairStepOf(recipe);
  return {
    network: context.original(recipe.network),
    ranks: ranksOf(recipe),
    factorsOf: (layer) => context.chosenFactors(withoutSteps(recipe), layer),
    ...context.drawn(recipe.network, imagesOf(step)),
    seed: step.seed,
  };
}

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
