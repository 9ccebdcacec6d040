import type { LeftOut } from '../../network/images';
import { describeContent } from '../content';
import type { NamedFile } from '../file';

/** Whether a file beside the records of a set is no part of it by its name: notes, pages, programs. */
export function isStray({ name }: NamedFile): boolean {
  return /\.(html?|md|pdf|py|ipynb|log|sh|ya?ml|rst)$/i.test(name);
}

/**
 * What is said of files that a format passes over; nothing where there are none.
 *
 * @param more files of which it is known already what is amiss
 */
export function withLeftOut(
  files: readonly NamedFile[],
  expected: string,
  more: readonly LeftOut[] = [],
): { leftOut?: readonly LeftOut[] } {
  if (files.length + more.length === 0) return {};
  const leftOut = files.map(({ name, bytes }) => ({
    name,
    reason: `expected ${expected}, found ${describeContent(bytes)}`,
  }));
  return { leftOut: [...more, ...leftOut] };
}
