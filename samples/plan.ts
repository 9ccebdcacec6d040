import type { ImageSetName } from './families';
import { Random } from './render/random';
import type { RenderRequest } from './render/request';
import type { Face } from './render/scene';
import { CLASS_NAMES, IMAGE_SETS, SEED } from './task';

/** An image to render and its class. */
export interface PlannedImage extends RenderRequest {
  readonly label: number;
}

/**
 * Which letter in which face each image of the set shows, in the order in which they are stored: classes equally
 * often, shuffled, so that any first N images are a fair sample.
 * @param families the faces of each family; families are equally likely, then the faces within one
 */
export function planImages(set: ImageSetName, families: readonly (readonly Face[])[]): PlannedImage[] {
  const { perClass, stream } = IMAGE_SETS[set];
  const random = new Random(SEED, stream);
  const labels = CLASS_NAMES.flatMap((_, label) => Array.from({ length: perClass }, () => label));
  random.shuffle(labels);
  return labels.map((label, index) => ({
    label,
    letter: CLASS_NAMES[label] ?? '',
    face: random.pick(random.pick(families)),
    seed: SEED,
    stream,
    index: index + 1,
  }));
}
