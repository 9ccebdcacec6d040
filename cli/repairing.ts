import { recipeKey, type Recipe } from '../src/compression/recipe';
import { refit } from '../src/compression/steps/refit';
import { repair } from '../src/compression/steps/repair';
import type { Step } from '../src/compression/steps/step';
import { fail, unwrap } from '../src/network/failure';
import { setOf } from '../src/project/images';
import { repair as repairJob } from '../src/project/jobs/repair';
import { repairedRecipe } from '../src/project/measurements';
import { stepKind } from '../workers/protocol/step';
import type { Chosen, RepairOptions } from './choosing';
import { firstOf, restOf, splitOf, type OpenImages } from './images';
import { progressLine } from './output';
import { macsShare, never, type ImageOptions, type Workspace } from './workspace';

/** The images of a compression. */
export interface CompressImageOptions extends Omit<ImageOptions, 'data'> {
  readonly data: readonly string[] | null;
  readonly seed: number;
  /** Files of --calibration, for whatever may ask for them. */
  readonly calibration: readonly string[] | null;
  /** Files of --selection, likewise. */
  readonly selection: readonly string[] | null;
  readonly repair: RepairOptions | null;
}

/**
 * Opens the images that accuracy is reported on, and those for repair. Where both come from the same files they are
 * split by seed, so that no image serves both.
 *
 * @param stated a recipe that says its own steps and their images, and the file that it comes from
 */
export async function openCompressImages(
  workspace: Workspace,
  options: CompressImageOptions,
  stated: Recipe | null,
  file: string | null,
): Promise<void> {
  const { data, repair, images: max = Infinity } = options;
  const images = data && (await workspace.open({ ...options, data }));
  if (images) workspace.use({ report: firstOf(images, max) });
  if (stated && stated.steps.length > 0) {
    if (repair)
      fail(
        'invalid-request',
        `--repair: expected a recipe without steps, found those that ${file} says; leave --repair out.`,
      );
    await openOfRecipe(workspace, options, stated, file!, images);
  } else if (repair) await openForRepair(workspace, options, repair, images);
}

async function openForRepair(
  workspace: Workspace,
  options: CompressImageOptions,
  { calibration, count }: RepairOptions,
  images: OpenImages | null,
): Promise<void> {
  if (calibration) {
    const own = await workspace.open({ ...options, data: calibration }, 'calibration');
    workspace.use({ calibration: firstOf(own, count) });
    return;
  }
  if (!images)
    return fail(
      'invalid-request',
      '--repair: expected --calibration or --data, found neither; name images by one of them.',
    );
  workspace.use(splitOf(images, options.images ?? Infinity, count, options.seed));
}

/** Opens what a recipe's steps look at; what they look at of --data is not reported on. */
async function openOfRecipe(
  workspace: Workspace,
  options: CompressImageOptions,
  recipe: Recipe,
  file: string,
  images: OpenImages | null,
): Promise<void> {
  for (const data of [options.calibration, options.selection])
    if (data) await workspace.open({ ...options, data }, 'calibration');
  for (const { images: wanted } of recipe.steps) {
    if (!setOf(workspace.state, wanted.images))
      fail(
        'invalid-request',
        `${file}: expected the images of its steps, found them not given (fingerprint ${wanted.images}); give them by --data, --calibration or --selection.`,
      );
    if (images?.summary.fingerprint === wanted.images)
      workspace.use({ report: restOf(images, wanted, options.images ?? Infinity) });
  }
}

/**
 * The recipe with all that is to be done to what was cut, done: the steps that it states itself, or the repair that
 * was asked for. Every thread knows its network then.
 */
export async function stepped(workspace: Workspace, { cut, stated, method }: Chosen): Promise<Recipe> {
  const recipe = stated ?? repairedRecipe(workspace.state, cut) ?? cut;
  for (const [index, step] of recipe.steps.entries()) {
    const isLast = index === recipe.steps.length - 1;
    await takeStep(
      workspace,
      isLast ? recipe : { ...recipe, steps: recipe.steps.slice(0, index + 1) },
      step,
      method,
    );
  }
  return recipe;
}

/** Takes the last step of a recipe; what repair finds on its way is noted, other kinds take theirs and no more. */
async function takeStep(workspace: Workspace, recipe: Recipe, step: Step, method: string): Promise<void> {
  if (step.kind === refit.id)
    fail(
      'invalid-request',
      `Expected a step of a whole network, found "${refit.label}", which is of single layers; choose another.`,
    );
  if (step.kind !== repair.id) {
    unwrap(await workspace.studio.run(never, stepKind, { recipe }, progressLine()));
    return;
  }
  workspace.use({ calibration: step.images });
  const achieved = macsShare(workspace.network, recipe);
  await workspace.perform(repairJob, { key: recipeKey(recipe), recipe, side: method, method, achieved });
}
