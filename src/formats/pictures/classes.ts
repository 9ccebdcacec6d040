import { fail } from '../../network/failure';
import type { ClassMatching } from '../../network/images';

/** Everything that may say which class has which index, what was given by the person first. */
export interface ClassSources {
  /** Index by name, from a mapping file. */
  readonly mapping: { readonly file: string; readonly indices: ReadonlyMap<string, number> } | null;
  /** Names in order, from a text file. */
  readonly listed: { readonly file: string; readonly names: readonly string[] } | null;
  /** Names in order, as the network carries them. */
  readonly ofNetwork: readonly string[] | null;
  /** Number of the network's classes; null where no network is open. */
  readonly count: number | null;
}

export interface LabelledClasses {
  readonly labels: Int32Array;
  readonly classNames: readonly string[] | null;
  readonly matching: ClassMatching;
}

interface Matched {
  readonly indices: ReadonlyMap<string, number>;
  readonly matching: ClassMatching;
}

const byOrder: ClassMatching = { by: 'order', file: null };

/**
 * Class indices for the names that images are labelled with: by a mapping file, by a list of names, by the names that
 * the network carries, by the names themselves where all are whole numbers, or else by alphabetical order, which
 * needs as many names as the network has classes.
 *
 * @param set what to call the images in a sentence
 * @throws FailureError `images-do-not-fit` where names and classes cannot be matched
 */
export function matchClasses(set: string, given: readonly string[], sources: ClassSources): LabelledClasses {
  const names = [...new Set(given)].sort();
  const { indices, matching } = matched(set, names, sources);
  const labels = Int32Array.from(given, (name) => indices.get(name)!);
  const isNumbered = names.every((name) => /^\d+$/.test(name)) && sources.mapping === null;
  const classNames = isNumbered
    ? (sources.listed?.names ?? sources.ofNetwork)
    : namesByIndex(indices, sources);
  return { labels, classNames, matching };
}

function matched(set: string, names: readonly string[], sources: ClassSources): Matched {
  const { mapping, listed, ofNetwork, count } = sources;
  if (mapping) {
    const { file, indices } = mapping;
    const missing = names.find((name) => !indices.has(name));
    if (missing !== undefined) failUnlisted(set, missing, `the mapping file ${file}`);
    return { indices, matching: { by: 'mapping', file } };
  }
  if (listed) {
    const { found, missing } = positions(names, listed.names);
    if (missing !== null) failUnlisted(set, missing, `the list of class names ${listed.file}`);
    return { indices: found, matching: { by: 'names', file: listed.file } };
  }
  const byNetwork = ofNetwork && positions(names, ofNetwork);
  if (byNetwork && byNetwork.missing === null)
    return { indices: byNetwork.found, matching: { by: 'names', file: null } };
  if (names.every((name) => /^\d+$/.test(name)))
    return { indices: new Map(names.map((name) => [name, Number(name)])), matching: byOrder };
  if (byNetwork && byNetwork.found.size > 0)
    return failUnlisted(set, byNetwork.missing!, "the network's own class names");
  if (count !== null && names.length !== count) failCount(set, names, count);
  return { indices: new Map(names.map((name, index) => [name, index])), matching: byOrder };
}

function positions(
  names: readonly string[],
  list: readonly string[],
): { readonly found: ReadonlyMap<string, number>; readonly missing: string | null } {
  const known = new Map(list.map((name, index) => [plainName(name), index]));
  const found = new Map<string, number>();
  for (const name of names) {
    // Numbers among the labels are positions in the list.
    const index =
      known.get(plainName(name)) ??
      (/^\d+$/.test(name) && Number(name) < list.length ? Number(name) : undefined);
    if (index !== undefined) found.set(name, index);
  }
  return { found, missing: names.find((name) => !found.has(name)) ?? null };
}

/** A name without what people spell differently: case, and spaces, hyphens or underscores between words. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

/** Names in order of their index; an index that has none is its own name. */
export function namesByIndex(
  indices: ReadonlyMap<string, number>,
  { listed, ofNetwork, count }: Pick<ClassSources, 'listed' | 'ofNetwork' | 'count'>,
): readonly string[] {
  const known = listed?.names ?? ofNetwork;
  if (known) return known;
  // Not as arguments: a file may name more classes than a call may have.
  const max = [...indices.values()].reduce((largest, index) => Math.max(largest, index), -1);
  const names = Array.from({ length: Math.max(max + 1, count ?? 0) }, (_, index) => String(index));
  for (const [name, index] of indices) names[index] = name;
  return names;
}

export function failUnlisted(set: string, name: string, list: string): never {
  return fail(
    'images-do-not-fit',
    `${set}: expected only classes that ${list} names, found "${name}"; add it there.`,
  );
}

function failCount(set: string, names: readonly string[], count: number): never {
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  fail(
    'images-do-not-fit',
    `${set}: expected ${count} classes, as many as the network has, found ${names.length} (${shown}); put a text file with the network's class names, one a line, or a table of name and index beside the images, or open it after them.`,
  );
}
