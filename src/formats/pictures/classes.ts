import { fail } from '../../network/failure';
import { classOrders, type ClassOrderId } from '../../network/classOrders';
import type { ClassMatching, Labelling } from '../../network/labelling';

/** Names of classes in order, and every name that a class goes by. */
export interface ClassList {
  readonly file: string;
  readonly names: readonly string[];
  /** Index by {@link plainName}. */
  readonly indices: ReadonlyMap<string, number>;
}

/** Everything that may say which class has which index, what was given by the person first. */
export interface ClassSources {
  /** Index by name, from a mapping file. */
  readonly mapping: { readonly file: string; readonly indices: ReadonlyMap<string, number> } | null;
  /** Names in order, from a file. */
  readonly listed: ClassList | null;
  /** Names in order, as the network carries them. */
  readonly ofNetwork: readonly string[] | null;
  /** Number of the network's classes; null where no network is open. */
  readonly count: number | null;
}

/** One way to read the classes; see {@link Labelling}. */
export type ClassReading = Omit<Labelling, 'column'>;

interface Matched {
  readonly order: ClassOrderId;
  readonly indices: ReadonlyMap<string, number>;
  readonly matching: ClassMatching;
}

const byOrder: ClassMatching = { by: 'order', file: null };
const isNumber = (name: string) => /^\d{1,9}$/.test(name);

/**
 * Class indices for the names that images are labelled with: by a mapping file, by a list of names, or by the names
 * that the network carries; where nothing of these says it, by every usual order that applies to the names, which
 * mostly needs as many of them as the network has classes.
 *
 * @param set what to call the images in a sentence
 * @param given the name of each image's class
 * @param listed the names in an order that means something; null where it means nothing
 * @returns at least one; what the names alone suggest first, none with the same labels as one before
 * @throws FailureError `images-do-not-fit` where names and classes cannot be matched
 */
export function classReadings(
  set: string,
  given: readonly string[],
  sources: ClassSources,
  listed: readonly string[] | null = null,
): readonly ClassReading[] {
  const names = listed ?? [...new Set(given)].sort();
  const readings = matched(set, names, sources, listed !== null).map(({ order, indices, matching }) => ({
    order,
    labels: Int32Array.from(given, (name) => indices.get(name)!),
    classNames: order === 'numeric' ? knownNames(sources) : namesByIndex(indices, sources),
    matching,
  }));
  return readings.filter(
    ({ labels }, index) => !readings.slice(0, index).some((other) => areEqual(other.labels, labels)),
  );
}

function areEqual(a: Int32Array, b: Int32Array): boolean {
  return a.every((value, index) => value === b[index]);
}

function matched(
  set: string,
  names: readonly string[],
  sources: ClassSources,
  isListed: boolean,
): readonly Matched[] {
  if (sources.mapping) return byMapping(set, names, sources.mapping, sources.count);
  const { listed, ofNetwork, count } = sources;
  const byList = listed && positions(names, listed.indices);
  if (byList?.missing === null) return [byNames(byList.found, listed!.file)];
  const byNetwork = ofNetwork && positions(names, plainIndices(ofNetwork));
  if (!listed && byNetwork?.missing === null) return [byNames(byNetwork.found, null)];
  if (names.every(isNumber)) return byNumbers(set, names, sources, isListed);
  if (byList) return failUnlisted(set, byList.missing!, `the list of class names ${listed!.file}`);
  if (byNetwork && byNetwork.found.size > 0)
    return failUnlisted(set, byNetwork.missing!, "the network's own class names");
  const found = ordered(names, count, isListed);
  return found.length > 0 ? found : failCount(set, names, count!);
}

function byNames(indices: ReadonlyMap<string, number>, file: string | null): Matched {
  return { order: 'names', indices, matching: { by: 'names', file } };
}

/** As a file gives the indices; it may count them from 1. */
function byMapping(
  set: string,
  names: readonly string[],
  { file, indices }: NonNullable<ClassSources['mapping']>,
  count: number | null,
): readonly Matched[] {
  const { found, missing } = positions(names, withPlainNames(indices));
  if (missing !== null) return failUnlisted(set, missing, `the mapping file ${file}`);
  const matching = { by: 'mapping', file } as const;
  const all = [...indices.values()];
  const isFromOne =
    !all.includes(0) && all.includes(1) && (count === null || all.every((index) => index <= count));
  const fits = count === null || [...found.values()].every((index) => index < count);
  const asWritten: Matched = { order: 'mapping', indices: found, matching };
  if (!isFromOne) return [asWritten];
  const less = new Map([...found].map(([name, index]) => [name, index - 1]));
  const fromOne: Matched = { order: 'from-one', indices: less, matching };
  // A file that counts to the number of classes has no other meaning.
  return fits && !all.includes(count ?? NaN) ? [asWritten, fromOne] : [fromOne];
}

/** Numbers are indices, or positions in a list, or names like others. */
function byNumbers(
  set: string,
  names: readonly string[],
  { count, listed }: ClassSources,
  isListed: boolean,
): readonly Matched[] {
  const classes = count ?? listed?.names.length ?? null;
  const found = ordered(names, classes, isListed);
  return found.length > 0 ? found : failNumbers(set, names, classes!);
}

function ordered(names: readonly string[], count: number | null, isListed: boolean): readonly Matched[] {
  return classOrders.flatMap((order) => {
    const indices = order.indices({ names, count, isListed });
    return indices ? [{ order: order.id, indices, matching: byOrder }] : [];
  });
}

/** Where each name stands, however it is spelt. */
function positions(
  names: readonly string[],
  known: ReadonlyMap<string, number>,
): { readonly found: ReadonlyMap<string, number>; readonly missing: string | null } {
  const found = new Map<string, number>();
  for (const name of names) {
    const index = known.get(name) ?? known.get(plainName(name));
    if (index !== undefined) found.set(name, index);
  }
  return { found, missing: names.find((name) => !found.has(name)) ?? null };
}

function plainIndices(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [plainName(name), index]));
}

function withPlainNames(indices: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const plain = new Map([...indices].map(([name, index]) => [plainName(name), index]));
  return new Map([...plain, ...indices]);
}

/** A name without what people spell differently: case, and spaces, hyphens or underscores between words. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

function knownNames({
  listed,
  ofNetwork,
}: Pick<ClassSources, 'listed' | 'ofNetwork'>): readonly string[] | null {
  return listed?.names ?? ofNetwork;
}

/** Names in order of their index; an index that has none is its own name. */
export function namesByIndex(
  indices: ReadonlyMap<string, number>,
  { listed, ofNetwork, count }: Pick<ClassSources, 'listed' | 'ofNetwork' | 'count'>,
): readonly string[] {
  const known = knownNames({ listed, ofNetwork });
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

function failNumbers(set: string, names: readonly string[], count: number): never {
  const odd = names.find((name) => Number(name) >= count) ?? names[0]!;
  fail(
    'images-do-not-fit',
    `${set}: expected classes numbered from 0 to ${count - 1} or from 1 to ${count}, or ${count} classes of other numbers, as many as the network has, found "${odd}" and ${names.length} classes in all; rename it, or put a table of name and index beside the images, or open it after them.`,
  );
}
