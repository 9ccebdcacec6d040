import { fail } from '../../network/failure';
import type { Reading, SubsetNote } from '../../network/reading';
import { baseName } from '../file';

/** How names say which part of a set they are of, in the order in which parts are preferred. */
const subsets: Readonly<Record<string, RegExp>> = {
  test: /test|t10k/i,
  // Not `values` or `interval`, but `val_x`, `valX` and `x_val`.
  val: /(?:^|[^a-zA-Z]|[xyXY])[vV]al(id|idation)?(?![a-z]{2})/,
  train: /train|data_batch/i,
};

/** The part of a set that a name says; null where it says none. */
export function subsetOf(name: string): string | null {
  const base = baseName(name);
  return Object.keys(subsets).find((subset) => subsets[subset]!.test(base)) ?? null;
}

/** Some of several things that belong to parts of a set, and which part that is. */
export interface TakenSubset<T> {
  readonly taken: readonly T[];
  /** null where all are of one part. */
  readonly subset: SubsetNote | null;
}

/**
 * Of things that belong to parts of a set by their names, those of one part: the one that a person chose, else those
 * for testing, which a network was not trained on.
 *
 * @param set what to call it in a sentence
 * @throws FailureError `invalid-request` where there is no such part
 */
export function takeSubset<T extends { readonly name: string }>(
  set: string,
  all: readonly T[],
  { subset: choice = 'auto' }: Reading,
): TakenSubset<T> {
  const named = new Set(all.map(({ name }) => subsetOf(name)));
  const found = Object.keys(subsets).filter((subset) => named.has(subset));
  const isChosen = choice !== 'auto' && found.length > 0;
  if (isChosen && !found.includes(choice)) {
    fail(
      'invalid-request',
      `${set}: expected a part called ${choice}, found ${found.join(' and ')}; choose ${found.join(' or ')} by --subset or beside the images.`,
    );
  }
  if (named.size < 2 || found.length === 0) return { taken: all, subset: null };
  const name = isChosen ? choice : found[0]!;
  return {
    taken: all.filter((one) => subsetOf(one.name) === name),
    subset: { name, others: found.filter((other) => other !== name), isChosen },
  };
}
