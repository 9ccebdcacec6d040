import { fail } from './failure';
import type { ClassMatching, LabelChoices } from './labelling';
import type { PixelRangeNote, SubsetNote } from './reading';

export type { ClassMatching } from './labelling';

/** A set of images of one size, NHWC, as read from files, before preprocessing. */
export interface ImageSet {
  readonly name: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB, whatever the file's order was) */
  readonly channels: number;
  /** count · height · width · channels values: bytes, or numbers that the files' arrays hold as they stand */
  readonly pixels: Uint8Array | Float32Array;
  /** Class index per image, or null where the files carry no labels. */
  readonly labels: Int32Array | null;
  readonly classNames: readonly string[] | null;
  /** Absent or null without labels. */
  readonly matching?: ClassMatching | null;
  /** What else the labels could mean; absent or null without labels. */
  readonly labelChoices?: LabelChoices | null;
  /** Whether the size is no property of the files: pictures are fitted to the input of the network that is open. */
  readonly isFitted?: boolean;
  /** Files that came with the images and are not among them, in their order; absent for none. */
  readonly leftOut?: readonly LeftOut[];
  /** Pictures of several frames, of which only the first is here; absent for none. */
  readonly animated?: number;
  /** Which part of the set this is, where the files hold several; absent or null where they do not. */
  readonly subset?: SubsetNote | null;
  /** How the values of an array became pixels; absent or null where the files hold bytes. */
  readonly range?: PixelRangeNote | null;
}

/** A file that was passed over, and why. */
export interface LeftOut {
  readonly name: string;
  /** What was expected, what was found and what to do, without the file's name. */
  readonly reason: string;
}

export type ChannelOrder = 'rgb' | 'bgr' | 'grey';

/** How pixels become the network's input: x = (pixel − mean[c]) · scale[c], channels in `channels` order. */
export interface Preprocessing {
  readonly channels: ChannelOrder;
  /** One value per channel of the network's input, in pixel units, in the order of `channels`. */
  readonly mean: readonly number[];
  /** One value per channel, or one for all. */
  readonly scale: readonly number[];
}

/**
 * Labels of some images, in their order; null where the set has none.
 *
 * @throws FailureError 'invalid-request' where an index is outside of the set
 */
export function labelsOf(
  images: Pick<ImageSet, 'name' | 'count' | 'labels'>,
  indices: Uint32Array,
): Int32Array | null {
  const { labels } = images;
  if (!labels) return null;
  return Int32Array.from(indices, (index) => {
    return (
      labels[index] ??
      fail(
        'invalid-request',
        `Expected an image of "${images.name}", which has ${images.count}, found number ${index}; open the images again.`,
      )
    );
  });
}
