import { unpackArchives } from './archives';
import { imageFormats } from './datasets';
import { foreign } from './datasets/foreign';
import type { NamedFile } from './file';
import { networkParts } from './models';
import { readers } from './models/readers';

/** What a person dropped or named together, told apart by content. */
export interface SortedFiles {
  /** Files of networks: the networks themselves and what belongs to them, such as shards of weights. */
  readonly network: readonly NamedFile[];
  /** Everything else: images, labels, names of classes. */
  readonly images: readonly NamedFile[];
}

/**
 * Sorts files that came together (dropped, a folder, or zip archives of them) into a network's and images'.
 * Archives that are no format of their own are unpacked.
 *
 * @throws FailureError `unreadable-file` where an archive is damaged or refused
 */
export function sortFiles(files: readonly NamedFile[]): SortedFiles {
  const all = unpackArchives(files, [...readers.all, ...imageFormats, foreign]);
  const network = new Set(networkParts(all));
  return {
    network: all.filter((file) => network.has(file)),
    images: all.filter((file) => !network.has(file)),
  };
}
