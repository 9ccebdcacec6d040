import { baseName, type NamedFile } from './file';
import { isZip, unzipped } from './zip';

/** How sure a format is that files are its own, 0 to 1. */
interface Detector {
  readonly detect: (files: readonly NamedFile[]) => number;
}

/**
 * Puts the content of zip archives in their place and leaves out files that systems put into folders by
 * themselves. An archive that is a format of its own (`.keras`, `.npz`) stays whole.
 *
 * @param formats that are asked whether an archive is theirs as it is
 * @throws FailureError `unreadable-file` where an archive is damaged or refused
 */
export function unpackArchives(files: readonly NamedFile[], formats: readonly Detector[]): NamedFile[] {
  const isWhole = (file: NamedFile) => formats.some(({ detect }) => detect([file]) === 1);
  const all = files.flatMap((file) => (isZip(file) && !isWhole(file) ? unzipped(file) : [file]));
  return all.filter(({ name }) => !isLeftover(name));
}

function isLeftover(name: string): boolean {
  const base = baseName(name);
  return /(^|\/)__MACOSX\//.test(name) || base.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(base);
}
