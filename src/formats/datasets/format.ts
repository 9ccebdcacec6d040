import type { ImageSet } from '../../network/images';
import type { Reading } from '../../network/reading';
import type { ImageSize } from '../../network/inputImage';
import type { NamedFile } from '../file';

export type { ImageSize } from '../../network/inputImage';

/** What the network that the images are for wants of them. */
export interface Wanted extends ImageSize {
  /** Number of class scores. */
  readonly classes: number;
  /** Its classes in order, where it carries their names. */
  readonly classNames: readonly string[] | null;
}

/** A file format of images. Files come to it already unpacked. */
export interface ImageFormat {
  readonly id: string;
  /** Name for a person. */
  readonly title: string;
  /** 0 not at all, 0.5 the names say so, 1 the content does. */
  readonly detect: (files: readonly NamedFile[]) => number;
  /**
   * Reads the images.
   *
   * @param reading what a person decided of it; the files decide the rest
   * @throws FailureError with a sentence that names the file and what is wrong with it
   */
  readonly read: (files: readonly NamedFile[], wanted?: Wanted, reading?: Reading) => ImageSet;
}
