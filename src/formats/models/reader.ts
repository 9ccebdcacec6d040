import type { Extent, Network } from '../../network/graph';
import type { NamedFile } from '../file';

/** What the files of one form call the operators that are read from them. */
export interface OperatorNames {
  /** Heads a column of the table of operators; readers that share one say the same. */
  readonly form: string;
  readonly names: readonly string[];
}

/** What a person says of a network beside its files. */
export interface ReadOptions {
  /** Height and width of its images, where the files leave them open. */
  readonly inputSize?: Extent;
  /** Name of the output that holds the class scores; absent takes what looks most like them. */
  readonly output?: string;
}

/** Reads one file format of networks: an entry of the registry. */
export interface ModelReader {
  /** What it puts into `network.source.format`. */
  readonly id: string;
  /** Name for a person. */
  readonly title: string;
  /** Endings that a person may look for. */
  readonly extensions: readonly string[];
  /** By form, where a format has several. */
  readonly operators: readonly OperatorNames[];
  /**
   * How sure it is that a network of the format is among these files, judged by content first: 0 not at all,
   * 0.5 the names say so, 1 the content does. Archives that are not the format's own come already unpacked.
   */
  readonly detect: (files: readonly NamedFile[]) => number;
  /**
   * Which of these files it would read: networks and what belongs to them (shards, external data), not
   * what only lies beside them.
   */
  readonly parts: (files: readonly NamedFile[]) => readonly NamedFile[];
  /**
   * Reads the one network among files that may hold others, such as images, which are passed over.
   * A reader of files that may leave the size of their images open takes it from the options, by `sizedShape`.
   * @throws FailureError with a sentence that names the file and what is wrong with it; `needs-input-size` where
   * neither the files nor the options say how large the images are
   */
  readonly read: (files: readonly NamedFile[], options: ReadOptions) => Network | Promise<Network>;
}
