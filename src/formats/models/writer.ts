import type { Network } from '../../network/graph';
import type { NamedFile } from '../file';

/**
 * How a written network lies on a disk: in one file; in files with names of their own in a folder; or in files
 * that share their name, each with its own ending.
 */
export type Layout = 'file' | 'folder' | 'family';

/** Writes networks in one form: an entry of the registry. What was written is read again before it is offered. */
export interface ModelWriter {
  /** That of the reader which reads it again. */
  readonly id: string;
  /** Name for a person. */
  readonly title: string;
  /** Endings that name it in a path, the usual one first; '.zip' packs the files of a folder. */
  readonly endings: readonly [string, ...string[]];
  readonly layout: Layout;
  /** Only networks that came in the form are offered in it; a path may name it whatever they came in. */
  readonly isOwnOnly?: boolean;
  /** What else there is to say to a person who names a path, in a few words. */
  readonly hint?: string;
  /** Its column in the table of operators; one of its reader's forms. */
  readonly form: string;
  /** @throws FailureError where the form cannot express the network */
  readonly write: (network: Network) => readonly NamedFile[] | Promise<readonly NamedFile[]>;
}

/** A form in which a network is offered for download, as plain data. */
export interface OfferedForm {
  /** Id of its writer. */
  readonly id: string;
  readonly title: string;
  /** Of the one file that is downloaded: a zip archive where the form is several. */
  readonly ending: string;
}
