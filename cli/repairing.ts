import { recipeKey, type Recipe } from '../src/compression/recipe';
import { distil } from '../src/compression/steps/distil';
import { quantise, storageOf, type Storage } from '../src/compression/steps/quantise';
import { refit } from '../src/compression/steps/refit';
import { repair } from '../src/compression/steps/repair';
import { imagesOf, type Step } from '../src/compression/steps/step';
import { fail, unwrap } from '../src/network/failure';
import { setOf } from '../src/project/images';
import { repair as repairJob } from '../src/project/jobs/repair';
import { repairedRecipe } from '../src/project/measurements';
import { presentStorage, storedRecipe } from '../src/project/storage';
import type { QuantiseReport } from '../src/quantise/quantiseNetwork';
import { quantiseKind } from '../workers/protocol/quantise';
import { stepKind } from '../workers/protocol/step';
import type { DistilReport } from '../workers/protocol/distil';
import type { Chosen, RepairOptions } from './choosing';
import { distilledRecipe, takeDistil, type DistilOptions } from './distilling';
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
  readonly distil: DistilOptions | null;
  /** How many images serve for calibration. */
  readonly calibrationImages: number;
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
  const { data, repair, distil: distilling, images: max = Infinity } = options;
  const images = data && (await workspace.open({ ...options, data }));
  if (images) workspace.use({ report: firstOf(images, max) });
  if (stated && stated.steps.length > 0) {
    if (repair || distilling)
      fail(
        'invalid-request',
        `${repair ? '--repair' : '--distil'}: expected a recipe without steps, found those that ${file} says; leave it out.`,
      );
    await openOfRecipe(workspace, options, stated, file!, images);
  } else if (repair ?? distilling) {
    const { calibration, calibrationImages: count } = options;
    const wanted = repair ?? { calibration, count };
    await openForRepair(workspace, options, repair ? '--repair' : '--distil', wanted, images);
  } else await openForStorage(workspace, options, images);
}

/** Rounding looks at images where some are named; ranges of values are found on some in any case. */
async function openForStorage(
  workspace: Workspace,
  options: CompressImageOptions,
  images: OpenImages | null,
): Promise<void> {
  const storage = presentStorage(workspace.state);
  const { calibration, calibrationImages: count } = options;
  if (!storage || storage.weights === 'float16' || storage.weights === 'float32') return;
  if (calibration || storage.activations === 'int8')
    await openForRepair(workspace, options, '--activations', { calibration, count }, images);
}

async function openForRepair(
  workspace: Workspace,
  options: CompressImageOptions,
  option: string,
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
      `${option}: expected --calibration or --data, found neither; name images by one of them.`,
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
    if (!wanted) continue;
    if (!setOf(workspace.state, wanted.images))
      fail(
        'invalid-request',
        `${file}: expected the images of its steps, found them not given (fingerprint ${wanted.images}); give them by --data, --calibration or --selection.`,
      );
    if (images?.summary.fingerprint === wanted.images)
      workspace.use({ report: restOf(images, wanted, options.images ?? Infinity) });
  }
}

/** A recipe whose steps were taken, and what they said. */
export interface Stepped {
  readonly recipe: Recipe;
  readonly stored: Stored | null;
  readonly distilled: DistilReport | null;
}

/** How a network was stored, and what its roundings were chosen by. */
export interface Stored extends QuantiseReport, Storage {}

/**
 * The recipe with all that is to be done to what was cut, done: the steps that it states itself, or the repair that
 * was asked for, and storing it in fewer bits. Every thread knows its network then.
 */
export async function stepped(
  workspace: Workspace,
  { cut, stated, method }: Chosen,
  distilling: DistilOptions | null,
): Promise<Stepped> {
  const { state } = workspace;
  const repaired = stated ?? repairedRecipe(state, cut) ?? cut;
  const made = distilling ? distilledRecipe(workspace, repaired, distilling) : repaired;
  const recipe = storedRecipe(state, made, state.document.uses.calibration ?? null);
  let stored: Stored | null = null;
  let distilled: DistilReport | null = null;
  for (const [index, step] of recipe.steps.entries()) {
    const isLast = index === recipe.steps.length - 1;
    const upTo = isLast ? recipe : { ...recipe, steps: recipe.steps.slice(0, index + 1) };
    if (step.kind === quantise.id) stored = await store(workspace, upTo, step);
    else if (step.kind === distil.id) distilled = await takeDistil(workspace, upTo);
    else await takeStep(workspace, upTo, step, method);
  }
  return { recipe, stored, distilled };
}

/** Stores a recipe's network in fewer bits. */
async function store(workspace: Workspace, recipe: Recipe, step: Step): Promise<Stored | null> {
  const found = unwrap(await workspace.studio.run(never, quantiseKind, { recipe }, progressLine()));
  const storage = storageOf(step.settings);
  return storage && { ...storage, ...found };
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
  workspace.use({ calibration: imagesOf(step) });
  const achieved = macsShare(workspace.network, recipe);
  await workspace.perform(repairJob, { key: recipeKey(recipe), recipe, side: method, method, achieved });
}
