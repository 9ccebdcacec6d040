import { join } from 'node:path';
import { canonicalText } from '../../src/network/canonical';
import { fail } from '../../src/network/failure';
import { kindOfFileName, readStatement, type Statement } from '../../src/project/sharing/statement';
import type { Unit } from '../../src/project/sharing/units';
import { mergers } from './mergers';
import type { AnyMerger, Gathered } from './mergers/merger';
import type { ResultsFolder } from './resultsFolder';

/** The one piece of work that a folder holds results of. */
export interface SharedResults {
  readonly merger: AnyMerger;
  readonly statement: Statement<unknown>;
}

/**
 * What the results of a folder are of.
 *
 * @throws FailureError `invalid-request` where they are of several networks, images or settings, or of nothing
 */
export async function openResults(folder: ResultsFolder): Promise<SharedResults> {
  const { statements } = await folder.list();
  const found: SharedResults[] = [];
  for (const name of statements) {
    const merger = mergers.find(kindOfFileName(name)!);
    if (!merger) continue;
    found.push({
      merger,
      statement: readStatement(merger.kind, await folder.text(name), join(folder.path, name)),
    });
  }
  const [first, other] = found;
  if (!first) {
    const commands = mergers.all.map(({ id }) => `enc ${id}`).join(', ');
    return fail(
      'invalid-request',
      `${folder.path}: expected results of ${commands}, found none; run enc sweep for it first.`,
    );
  }
  if (other)
    return fail(
      'invalid-request',
      `${folder.path}: expected results of one piece of work, found ${differenceOf(first, other)}; give each a folder of its own.`,
    );
  return first;
}

/** The first thing in which two pieces of work differ, for a sentence. */
function differenceOf(a: SharedResults, b: SharedResults): string {
  if (a.merger.id !== b.merger.id) return `a ${a.merger.id} and a ${b.merger.id}`;
  const [one, two] = [a.statement, b.statement];
  const named = (x: { name: string; fingerprint: string }, y: { name: string; fingerprint: string }) =>
    `${x.name} (${x.fingerprint}) and ${y.name} (${y.fingerprint})`;
  if (one.network.fingerprint !== two.network.fingerprint)
    return `two networks, ${named(one.network, two.network)}`;
  if (one.images.fingerprint !== two.images.fingerprint)
    return `two sets of images, ${named(one.images, two.images)}`;
  const [path, x, y] = firstDifference(
    { ...one.images, ...asRecord(one.about) },
    { ...two.images, ...asRecord(two.about) },
  );
  return `two settings of ${path}, ${short(x)} and ${short(y)}`;
}

function firstDifference(a: unknown, b: unknown, path: readonly string[] = []): [string, unknown, unknown] {
  const [one, two] = [asRecord(a), asRecord(b)];
  for (const key of new Set([...Object.keys(one), ...Object.keys(two)])) {
    if (key === 'name' && path.length === 0) continue;
    if (canonicalText([one[key]]) !== canonicalText([two[key]]))
      return firstDifference(one[key], two[key], [...path, key]);
  }
  return [path.join('.'), a, b];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** What lies in a folder by now. */
export interface FolderState extends Gathered {
  readonly damaged: number;
  /** Backends that results come from. */
  readonly backends: readonly string[];
}

/** Reads the results of a folder again and again, each file once. */
export class Gathering {
  readonly #units = new Map<string, Unit<unknown, unknown>>();

  constructor(
    private readonly folder: ResultsFolder,
    readonly results: SharedResults,
  ) {}

  /** @throws FailureError `invalid-request` where a result is of other work than the folder states */
  async state(): Promise<FolderState> {
    const { merger, statement } = this.results;
    const of = merger.ofUnits(statement);
    const { units: names } = await this.folder.list();
    const fresh = names.filter((name) => !this.#units.has(name));
    let damaged = 0;
    for (const [name, unit] of await this.folder.readNamed(merger.unit, fresh)) {
      if (unit === null) damaged++;
      else if (unit.of === of) this.#units.set(name, unit);
      else this.refuse(name);
    }
    const units = [...this.#units.values()];
    const backends = [...new Set(units.map(({ backend }) => backend))].sort();
    return { ...merger.gather(statement, units), damaged, backends };
  }

  private refuse(name: string): never {
    const { network, images } = this.results.statement;
    return fail(
      'invalid-request',
      `${join(this.folder.path, name)}: expected a result of ${network.name} on ${images.name} with the settings that the folder states, found one of another network, other images or other settings; take it out.`,
    );
  }
}
