import { fail } from '../../network/failure';
import { describeContent } from '../content';
import type { NamedFile } from '../file';

/** A form whose networks are one file. */
export interface SingleFile {
  /** With its article: "an ONNX network". */
  readonly expected: string;
  /** What to do about a file that is none: "export it again". */
  readonly advice: string;
  /** Whether its content is one. */
  readonly is: (file: NamedFile) => boolean;
  /** Whether it is called one. */
  readonly isNamed: (file: NamedFile) => boolean;
}

/**
 * The one network among files, of which at least one is of the form by content or by name.
 *
 * @throws FailureError `unreadable-file` where several are, or one that is called so is none
 */
export function onlyModel(
  { expected, advice, is, isNamed }: SingleFile,
  files: readonly NamedFile[],
): NamedFile {
  const models = files.filter(is);
  const [model] = models;
  if (model && models.length === 1) return model;
  if (models.length > 1) {
    const names = models.map(({ name }) => name).join(' and ');
    return fail(
      'unreadable-file',
      `Expected one network, found ${models.length}: ${names}; choose one of them.`,
    );
  }
  const named = files.find(isNamed)!;
  return fail(
    'unreadable-file',
    `${named.name}: expected ${expected}, found ${describeContent(named.bytes)}; ${advice}.`,
  );
}
