import type { Network, NetworkFormat } from '../../network/graph';
import type { NamedFile } from '../file';

/** A file format of networks. Each one is a folder with detect, read and write. */
export interface ModelFormat {
  readonly id: NetworkFormat;
  /** Name for a person. */
  readonly title: string;
  /** Usual endings, the first one for files that are written. */
  readonly extensions: readonly string[];
  /**
   * How sure it is that these files are of the format, judged by content first: 0 not at all, 0.5 the names
   * say so, 1 the content does.
   */
  readonly detect: (files: readonly NamedFile[]) => number;
  /** Reads a network. @throws FailureError with a sentence that names the file and what is wrong with it */
  readonly read: (files: readonly NamedFile[]) => Network | Promise<Network>;
  /** Writes a network. @throws FailureError where the format cannot express it */
  readonly write: (network: Network) => readonly NamedFile[] | Promise<readonly NamedFile[]>;
}
