import type { DistilSettings } from '../compression/steps/distil';
import { createRandom, type Random } from '../linalg/random';

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
  /** Pixels of the image from one that is seen to the next, about its middle: below 1 it looks larger. */
  readonly pitch: number;
  readonly isFlipped: boolean;
}

/** A part of an image, as shares of its sides. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** An image, and what is done to it. */
export interface ChangedImage extends PlacedImage {
  /** Another one that shines through, and the share of it, everywhere or in a window; null where none does. */
  readonly blended: {
    readonly other: PlacedImage;
    readonly share: number;
    readonly window: Window | null;
  } | null;
}

/** An image of a batch. */
export interface DrawnImage extends ChangedImage {
  /** With the index it names what is seen: the image, changed and blended as it was in the epoch of that number. */
  readonly view: number;
}

/** Which changes images may undergo. */
export interface Augmentation {
  readonly shift: number;
  /** By which share images grow or shrink at most. */
  readonly zoom: number;
  readonly flip: boolean;
  /** Greatest share of another image. */
  readonly blend: number;
  /** Share of the images that show another one in a window. */
  readonly windows: number;
  /** Epochs after which images are seen as before; 0 for never. */
  readonly views: number;
}

/**
 * The batches of an epoch: every image once, in an order of the epoch's own, each changed at random and blended with the
 * next in that order, by a share at random (Zhang and others, "mixup", 2018; with a teacher that sees the blend, Beyer and
 * others, "Knowledge distillation: a good teacher is patient and consistent", 2022), or covered by it in a window (Yun and
 * others, "CutMix", 2019). Behind as many epochs as there are views, images are seen again as in one of those, in another
 * order. The last images stay out where they fill no whole batch, unless they are all that there is. Seed and epoch
 * decide, nothing else.
 *
 * @param epoch counted from 1
 */
export function batchesOf(
  indices: Uint32Array,
  batch: number,
  epoch: number,
  seed: number,
  augmentation: Augmentation,
): readonly (readonly DrawnImage[])[] {
  const { views } = augmentation;
  const view = views > 0 ? 1 + ((epoch - 1) % views) : epoch;
  const seen = imagesOfView(indices, view, seed, augmentation);
  const images = view === epoch ? seen : createRandom(seed * 4099 + epoch + 1).shuffle(seen.slice());
  const whole = Math.max(1, Math.floor(images.length / batch));
  return Array.from({ length: whole }, (_, at) => images.slice(at * batch, (at + 1) * batch));
}

/** All images, changed and blended as in the epoch of that number, in its order. */
function imagesOfView(
  indices: Uint32Array,
  view: number,
  seed: number,
  { shift, zoom, flip, blend, windows }: Augmentation,
): readonly DrawnImage[] {
  const random = createRandom(seed * 4099 + view + 1);
  const order = random.shuffle(indices.slice());
  const placed = Array.from(order, (index) => ({
    index,
    down: random.integer(2 * shift + 1) - shift,
    right: random.integer(2 * shift + 1) - shift,
    pitch: zoom > 0 ? 1 + zoom * (2 * random.uniform() - 1) : 1,
    isFlipped: flip && random.integer(2) === 1,
  }));
  return placed.map((image, at) => ({
    ...image,
    view,
    blended: mixedWith(placed[(at + 1) % placed.length]!),
  }));

  function mixedWith(other: PlacedImage): ChangedImage['blended'] {
    if (windows > 0 && random.uniform() < windows) return { other, share: 1, window: drawnWindow(random) };
    return blend > 0 ? { other, share: blend * random.uniform(), window: null } : null;
  }
}

/** Least and greatest side of a window. */
const windowSides = [1 / 8, 3 / 4] as const;

function drawnWindow(random: Random): Window {
  const [least, most] = windowSides;
  const [height, width] = [0, 1].map(() => least + (most - least) * random.uniform()) as [number, number];
  return { height, width, top: (1 - height) * random.uniform(), left: (1 - width) * random.uniform() };
}

/** What a step's settings say of changes: labels say one class of an image, so that with them nothing is blended. */
export function augmentationOf(settings: DistilSettings): Augmentation {
  return settings.labels > 0 ? { ...settings, blend: 0, windows: 0 } : settings;
}

/** Held-back images as they judge every state: changed as those that are trained on, once for all. */
export function judgedImages(
  heldBack: Uint32Array,
  seed: number,
  settings: DistilSettings,
): readonly DrawnImage[] {
  return imagesOfView(heldBack, 0, seed, augmentationOf(settings));
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
