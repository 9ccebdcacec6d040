import { greatest } from '../../linalg/extremes';
import type { LeftOut } from '../../network/images';
import { baseName, type NamedFile } from '../file';
import { linesOf } from '../text';

export function isText({ name }: NamedFile): boolean {
  return /\.txt$/i.test(name);
}

/** What text files beside labels say of the classes. */
interface NamesFound {
  /** A name for every label, in order; null where no file has them. */
  readonly names: readonly string[] | null;
  /** The other files, with what is amiss with them. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * The classes by the first text file that has a line for each of them. Notes lie beside images, too: a file with
 * fewer lines than there are labels is no list of theirs.
 *
 * @param labels indices of classes; null where there are none, and any list will do
 */
export function namesAmong(files: readonly NamedFile[], labels: Iterable<number> | null): NamesFound {
  const most = labels ? Math.max(0, greatest(labels)) : 0;
  const lists = listsAmong(files);
  const taken = lists.find(({ lines }) => lines.length > most);
  const others = lists.filter((list) => list !== taken);
  return {
    names: taken?.lines ?? null,
    leftOut: others.map((list) => misfitOf(list, most === 0 ? 'all' : `at least ${most + 1}`)),
  };
}

/**
 * The same where it is known how many classes there are.
 *
 * @param others numbers of lines of lists that belong to the set, too, and count other classes
 */
export function namesOfExactly(
  files: readonly NamedFile[],
  count: number,
  others: readonly number[],
): NamesFound {
  const lists = listsAmong(files);
  const misfits = lists.filter(({ lines: { length } }) => length !== count && !others.includes(length));
  return {
    names: lists.find(({ lines }) => lines.length === count)?.lines ?? null,
    leftOut: misfits.map((list) => misfitOf(list, String(count))),
  };
}

interface List {
  readonly file: NamedFile;
  readonly lines: readonly string[];
}

function listsAmong(files: readonly NamedFile[]): readonly List[] {
  return files.filter(isText).map((file) => ({ file, lines: linesOf(file.bytes) }));
}

/** "expected the names of 26 classes, one a line, found 1 line" */
function misfitOf({ file, lines }: List, classes: string): LeftOut {
  const found = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`;
  return { name: file.name, reason: `expected the names of ${classes} classes, one a line, found ${found}` };
}

/** The sentence that says which of the files should have named the classes, and does not. */
export function misfitText({ name, reason }: LeftOut): string {
  return `${baseName(name)}: ${reason}; leave it out, or open a list of all classes.`;
}
