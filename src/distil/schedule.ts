import type { DistilSettings } from '../compression/steps/distil';
import { createRandom } from '../linalg/random';

/**
 * The learning rate of a step: it rises in a line over the first share of the steps and falls to zero by half a cosine over
 * the others (Loshchilov and Hutter, "SGDR", 2017).
 *
 * @param step counted from 0
 * @param steps of all epochs
 */
export function rateOf(step: number, steps: number, rate: number, warmUp: number): number {
  const rising = Math.ceil(warmUp * steps);
  if (step < rising) return (rate * (step + 1)) / (rising + 1);
  const done = (step - rising) / Math.max(1, steps - rising);
  return (rate * (1 + Math.cos(Math.PI * done))) / 2;
}

/** An image, and where it is put. */
export interface PlacedImage {
  readonly index: number;
  readonly down: number;
  readonly right: number;
  readonly isFlipped: boolean;
}

/** An image of a batch, and what is done to it. */
export interface DrawnImage extends PlacedImage {
  /** Another one that shines through, and the share of it; null where none does. */
  readonly blended: { readonly other: PlacedImage; readonly share: number } | null;
}

/** Which changes images may undergo. */
export interface Augmentation {
  readonly shift: number;
  readonly flip: boolean;
  /** Greatest share of another image. */
  readonly blend: number;
}

/**
 * The batches of an epoch: every image once, in an order of the epoch's own, each changed at random and blended with the
 * next in that order, by a share at random (Zhang and others, "mixup", 2018; with a teacher that sees the blend, Beyer and
 * others, "Knowledge distillation: a good teacher is patient and consistent", 2022). The last images stay out where they
 * fill no whole batch, unless they are all that there is. Seed and epoch decide, nothing else.
 */
export function batchesOf(
  indices: Uint32Array,
  batch: number,
  epoch: number,
  seed: number,
  { shift, flip, blend }: Augmentation,
): readonly (readonly DrawnImage[])[] {
  const random = createRandom(seed * 4099 + epoch + 1);
  const order = random.shuffle(indices.slice());
  const placed = Array.from(order, (index) => ({
    index,
    down: random.integer(2 * shift + 1) - shift,
    right: random.integer(2 * shift + 1) - shift,
    isFlipped: flip && random.integer(2) === 1,
  }));
  const images = placed.map((image, at) => ({
    ...image,
    blended: blend > 0 ? { other: placed[(at + 1) % placed.length]!, share: blend * random.uniform() } : null,
  }));
  const whole = Math.max(1, Math.floor(images.length / batch));
  return Array.from({ length: whole }, (_, at) => images.slice(at * batch, (at + 1) * batch));
}

/** What a step's settings say of changes: labels say one class of an image, so that with them nothing is blended. */
export function augmentationOf({ shift, flip, blend, labels }: DistilSettings): Augmentation {
  return { shift, flip, blend: labels > 0 ? 0 : blend };
}

/** Held-back images as they judge every state: changed as those that are trained on, once for all. */
export function judgedImages(
  heldBack: Uint32Array,
  seed: number,
  settings: DistilSettings,
): readonly DrawnImage[] {
  return batchesOf(heldBack, heldBack.length, 0, seed, augmentationOf(settings)).flat();
}

/** Parts of a batch: as many threads can share in it. */
const batchParts = 4;

/** Parts that a batch is cut into, whatever the number of threads: their gradients are added in this order. */
export function partsOf<T>(batch: readonly T[]): readonly (readonly T[])[] {
  const count = Math.min(batchParts, batch.length);
  const end = (part: number) => Math.round((part * batch.length) / count);
  return Array.from({ length: count }, (_, part) => batch.slice(end(part), end(part + 1)));
}

/** Share of the calibration images that only judge, and how many at most. */
const heldBackShare = 0.2;
const maxHeldBack = 400;

/** Calibration images that are trained on, and those that choose between states: at least one of each. */
export function splitForDistilling(
  indices: Uint32Array,
  seed: number,
): { readonly trained: Uint32Array; readonly heldBack: Uint32Array } {
  const order = createRandom(seed).shuffle(indices.slice());
  const count = Math.min(maxHeldBack, Math.ceil(heldBackShare * order.length));
  return { trained: order.slice(count), heldBack: order.slice(0, count) };
}
