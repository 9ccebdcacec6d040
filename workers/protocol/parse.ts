import type { Wanted } from '../../src/formats/datasets/format';
import type { NamedFile } from '../../src/formats/file';
import type { ReadOptions } from '../../src/formats/models/reader';
import type { OperatorTable } from '../../src/formats/models/operatorTable';
import type { SortedFiles } from '../../src/formats/sorting';
import type { Outcome } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { ImageSet } from '../../src/network/images';
import type { Reading } from '../../src/network/reading';
import type { ImagesSummary, NetworkSummary } from './summaries';

export type { OperatorTable, ReadOptions, Wanted };

/** A network that was read and found computable, for the threads that compute with it. */
export interface ParsedNetwork {
  readonly network: Network;
  readonly summary: NetworkSummary;
}

/** Images that were read, decoded and fitted, for the threads that compute with them. */
export interface ParsedImages {
  readonly images: ImageSet;
  readonly summary: ImagesSummary;
}

/**
 * What reads files that nobody has vouched for. It runs in a thread that is thrown away, at the latest after a
 * fault, so that a file which breaks a parser, or keeps it for ever, breaks nothing else.
 */
export interface ParseService {
  /** Answers as soon as the thread has started. */
  ready(): Promise<null>;
  /** Tells a network's files from images' where both came together. */
  sortFiles(files: readonly NamedFile[]): Promise<Outcome<SortedFiles>>;
  /** Which operators each format is read and written with. */
  operatorTable(): Promise<Outcome<OperatorTable>>;
  /** The network as it is, also where the studio cannot compute all of it. */
  readNetwork(files: readonly NamedFile[], options: ReadOptions): Promise<Outcome<Network>>;
  parseNetwork(files: readonly NamedFile[], options: ReadOptions): Promise<Outcome<ParsedNetwork>>;
  /**
   * @param wanted by the network that the images are for; null where there is none or its input is no image
   * @param reading what a person decided of how the files are read
   */
  parseImages(
    files: readonly NamedFile[],
    wanted: Wanted | null,
    reading: Reading,
  ): Promise<Outcome<ParsedImages>>;
}
