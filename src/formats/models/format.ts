import type { Network, NetworkFormat } from '../../network/graph';
import type { NamedFile } from '../file';

/** A file format of networks. Each one is a folder with detect, read and, where it can, write. */
export interface ModelFormat {
  readonly id: NetworkFormat;
  /** Name for a person. */
  readonly title: string;
  /** Usual endings, the first one for files that are written. */
  readonly extensions: readonly string[];
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
   * @throws FailureError with a sentence that names the file and what is wrong with it
   */
  readonly read: (files: readonly NamedFile[]) => Network | Promise<Network>;
  /** Writes a network. @throws FailureError where the format cannot express it */
  readonly write: (network: Network) => readonly NamedFile[] | Promise<readonly NamedFile[]>;
}
