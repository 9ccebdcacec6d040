import type { Holding } from '../../src/network/holding';
import type { OfferedForm } from '../../src/formats/models/writer';
import type { Shape } from '../../src/network/graph';
import type { LeftOut, Preprocessing } from '../../src/network/images';
import type { ClassMatching, LabelChoices, Labelling } from '../../src/network/labelling';
import type { InputScaling } from '../../src/network/inputScaling';
import type { OutputDescription } from '../../src/network/outputs';
import type { NetworkDrawing } from '../../src/network/drawing';
import type { LayerDescription } from '../../src/network/layers';
import type { PixelRangeNote, SubsetNote } from '../../src/network/reading';

export type { OfferedForm };

/** What a page or a command line may know of a network without holding its weights. */
export interface NetworkSummary {
  readonly fingerprint: string;
  readonly name: string;
  readonly bytes: number;
  /** How its files hold it; absent where that is float32. */
  readonly holding?: Holding;
  /** Id of the format that it came in. */
  readonly format: string;
  /** Name of the format for a person. */
  readonly formatTitle: string;
  /** What it can be downloaded as, the default form first. */
  readonly forms: readonly OfferedForm[];
  readonly input: { readonly name: string; readonly shape: Shape };
  /** All its outputs in the order of the file. */
  readonly outputs: readonly OutputDescription[];
  /** Name of the one that holds the class scores. */
  readonly scoreOutput: string;
  /** Outputs of its file that cannot be computed and are not among them; absent for none. */
  readonly outputsLeftOut?: readonly LeftOut[];
  /** The fingerprint that it has whichever output holds the class scores. */
  readonly content: string;
  /** Number of classes that the network tells apart. */
  readonly classes: number;
  readonly macs: number;
  readonly parameters: number;
  /** What the network's own files say its pixels go through first, or null where they do not say. */
  readonly preprocessing: Preprocessing | null;
  /** What it does to its input before anything else; null for nothing. */
  readonly scaling: InputScaling | null;
  /** The classes in order, where its own files name them; absent or null where they do not. */
  readonly classNames?: readonly string[] | null;
  /** Every convolution and dense layer, in network order. */
  readonly layers: readonly LayerDescription[];
  /** Convolutions that can be split in another way, too, as they are then; absent for none. */
  readonly alternatives?: readonly LayerDescription[];
  /** A compact picture of its graph; null or absent where it is too large for one. */
  readonly drawing?: NetworkDrawing | null;
}

/** One way to read the labels, under the name that the images have with it. */
export interface NamedLabelling extends Labelling {
  readonly fingerprint: string;
}

/** What a page may know of a set of images without holding its pixels. */
export interface ImagesSummary {
  readonly fingerprint: string;
  readonly name: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Class index per image, or null where the files carry no labels. */
  readonly labels: Int32Array | null;
  readonly classNames: readonly string[] | null;
  /** How classes became indices; absent or null without labels. */
  readonly matching?: ClassMatching | null;
  /**
   * What else the labels could mean; absent or null without labels. The first reading is the one that the files alone
   * suggest, under whose fingerprint the images were opened; the threads know them under every other one, too.
   */
  readonly labelChoices?: LabelChoices<NamedLabelling> | null;
  /** Whether the size is no property of the files: pictures are fitted to the network that they were opened for. */
  readonly isFitted?: boolean;
  /** Files that came with the images and are not among them; absent for none. */
  readonly leftOut?: readonly LeftOut[];
  /** Pictures of several frames, of which only the first is here; absent for none. */
  readonly animated?: number;
  /** Which part of the set this is, where the files hold several; absent or null where they do not. */
  readonly subset?: SubsetNote | null;
  /** How the values of an array became pixels; absent or null where the files hold bytes. */
  readonly range?: PixelRangeNote | null;
}
