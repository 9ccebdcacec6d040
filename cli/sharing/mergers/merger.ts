import type { Statement, StatementKind } from '../../../src/project/sharing/statement';
import type { Unit, UnitKind } from '../../../src/project/sharing/units';

/** A file that merging writes, and what is printed of it. */
export interface MergedFile {
  readonly text: string;
  readonly printed: object;
  /** For a person. */
  table(): string;
  /** A picture of it, where there is one. */
  svg?(): string;
}

/** What there is of shared work. */
export interface Gathered {
  /** Units that are done, and those that there are as far as is known by now. */
  readonly done: number;
  readonly total: number;
  /** Whether more units may turn out to be wanted. */
  readonly mayGrow: boolean;
  /** What is missing, a line each. */
  readonly gaps: readonly string[];
  /** Only where nothing is missing. */
  merged(): MergedFile | Promise<MergedFile>;
}

/** How the results of one kind of shared work become one file. */
export interface Merger<About, Item, Found> {
  readonly kind: StatementKind<About>;
  readonly unit: UnitKind<Item, Found>;
  /** The `of` of the units of a statement. */
  ofUnits(statement: Statement<About>): string;
  gather(statement: Statement<About>, units: readonly Unit<Item, Found>[]): Gathered;
}

/** One of any kind: what it takes it also makes. */
export interface AnyMerger extends Pick<Merger<unknown, unknown, unknown>, 'kind' | 'unit'> {
  readonly id: string;
  ofUnits(statement: Statement<unknown>): string;
  gather(statement: Statement<unknown>, units: readonly Unit<unknown, unknown>[]): Gathered;
}

/** An entry of the registry of mergers. */
export function defineMerger<About, Item, Found>(merger: Merger<About, Item, Found>): AnyMerger {
  // A merger is only ever handed statements and units that its own schemas have read.
  return { ...merger, id: merger.kind.id } as unknown as AnyMerger;
}
