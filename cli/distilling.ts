import { withStep, type Recipe } from '../src/compression/recipe';
import { distilStep, mayFlip, type DistilSettings } from '../src/compression/steps/distil';
import { unwrap } from '../src/network/failure';
import { setOf } from '../src/project/images';
import { distilKind, type DistilReport } from '../workers/protocol/distil';
import { progressLine } from './output';
import { never, type Workspace } from './workspace';

/** What the options say of distillation; what they leave out has a default. */
export type DistilOptions = Partial<DistilSettings>;

/**
 * A recipe with a distillation behind its other steps, on the calibration images, which are open. Those of one channel
 * are not mirrored unless that is asked for.
 */
export function distilledRecipe({ state }: Workspace, recipe: Recipe, options: DistilOptions): Recipe {
  const { uses, settings } = state.document;
  const images = uses.calibration;
  const set = images && setOf(state, images.images);
  if (!images || !set) throw new Error('distilling: expected calibration images to be open, found none');
  return withStep(recipe, distilStep(images, settings.seed, { flip: mayFlip(set.channels), ...options }));
}

/** Takes the last step of a recipe, a distillation. */
export async function takeDistil({ studio }: Workspace, recipe: Recipe): Promise<DistilReport> {
  return unwrap(await studio.run(never, distilKind, { recipe }, progressLine()));
}

/** For a person, in one line. */
export function distilText({ isDistilled, best, epochs, images }: DistilReport): string {
  const [before] = epochs;
  const after = epochs.find(({ epoch }) => epoch === best);
  const nats = (value: number | undefined) => (value ?? 0).toPrecision(3);
  const on = `${images.trained} images, judged on ${images.heldBack} held back`;
  return isDistilled
    ? `distilled on ${on}: divergence ${nats(before?.divergence)} before, ${nats(after?.divergence)} after epoch ${best} of ${epochs.length - 1}`
    : `distilled on ${on}: none of ${epochs.length - 1} epochs came closer to the original, so that the network before was kept`;
}
