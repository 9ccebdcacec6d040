import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isOf, type RefusalSite } from './scan';
import type { Provoked } from './record';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where the page finds the list. */
export const listPath = fileURLToPath(
  new URL('../../src/studio/features/help/refusals.json', import.meta.url),
);

/** A refusal as the help shows it. */
export interface ListedRefusal extends RefusalSite {
  /** Kind of the failure; absent for reasons why a layer cannot be computed. */
  readonly code?: string;
  /** What a test was told; null where no test provokes it. */
  readonly example: string | null;
}

/** The list as it is committed. */
export function committedList(): readonly ListedRefusal[] {
  return JSON.parse(readFileSync(listPath, 'utf8')) as readonly ListedRefusal[];
}

/**
 * The list for the places that refuse, from what tests provoked. A former example stays while it still is what its
 * place says, so that the list changes only where the source does.
 */
export function listOf(
  sites: readonly RefusalSite[],
  provoked: readonly Provoked[],
  former: readonly ListedRefusal[],
): readonly ListedRefusal[] {
  const known = new Map(former.map((entry) => [keyOf(entry), entry]));
  return sites.map((site) => {
    const kept = known.get(keyOf(site));
    if (kept && typeof kept.example === 'string') return kept;
    const isThere = ({ stack }: Provoked) => stack.includes(site.file) || stack === 'in another process';
    const own = provoked.filter((one) => isThere(one) && isOf(site, one.message));
    const [best] = own.sort(
      (a, b) => a.message.length - b.message.length || (a.message < b.message ? -1 : 1),
    );
    if (!best) return { ...site, example: null };
    return {
      ...site,
      ...(best.code === '' ? {} : { code: best.code }),
      example: withoutPaths(fullest(best.message, provoked)),
    };
  });
}

const keyOf = ({ file, template }: RefusalSite) => `${file} ${template}`;

/** The sentence with the file's name before it, where a reader put that there later. */
function fullest(message: string, provoked: readonly Provoked[]): string {
  const wrapped = provoked
    .map((one) => one.message)
    .filter((other) => other.length > message.length && other.endsWith(message));
  return wrapped.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? message;
}

/** Folders of the machine that ran the tests say nothing. */
function withoutPaths(message: string): string {
  return message.replace(/(?:\/[\w.@+-]+){2,}\//g, '/path/');
}
