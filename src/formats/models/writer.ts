import type { Network, Stored } from '../../network/graph';
import { fail } from '../../network/failure';
import type { NamedFile } from '../file';

/**
 * How a written network lies on a disk: in one file; in files with names of their own in a folder; or in files
 * that share their name, each with its own ending.
 */
export type Layout = 'file' | 'folder' | 'family';

/** How a file holds a weight in fewer bits than float32. */
export type WeightForm = Stored['type'];

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
  /** Forms of fewer bits in which it holds weights; float32 alone unless given. */
  readonly weights?: readonly WeightForm[];
  /** Whether a file may round the values between layers to levels. */
  readonly holdsLevels?: boolean;
  /** Whether runtimes of a file may round what goes into layers to levels that they find as they run. */
  readonly holdsDynamic?: boolean;
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
  /** Forms of fewer bits in which it holds weights. */
  readonly weights: readonly WeightForm[];
  /** Whether a file may round the values between layers to levels. */
  readonly holdsLevels: boolean;
  /** Whether its runtimes may round values to levels that they find as they run. */
  readonly holdsDynamic: boolean;
}

/**
 * Requires that files of a format hold weights, and what is computed with them, as asked for.
 *
 * @throws FailureError `invalid-request` where they do not
 */
export function requireStorage(
  { title, weights = [], holdsLevels = false, holdsDynamic = false }: ModelWriter,
  asked: { readonly weights: string; readonly activations: string },
): void {
  const held = ['float32', ...weights];
  if (!held.includes(asked.weights))
    fail(
      'invalid-request',
      `${title}: expected weights in ${held.join(', ')}, found ${asked.weights}; choose one of these, or another format.`,
    );
  if (asked.activations === 'dynamic' && !holdsDynamic)
    fail(
      'invalid-request',
      `${title}: expected activations in ${holdsLevels ? 'float32 or int8' : 'float32'}, found dynamic; choose ${holdsLevels ? 'one of these' : 'that'}, or TensorFlow Lite.`,
    );
  if (asked.activations === 'int8' && !holdsLevels)
    fail(
      'invalid-request',
      `${title}: expected activations in float32, found ${asked.activations}; leave them in float32, or choose ONNX or TensorFlow Lite.`,
    );
}
