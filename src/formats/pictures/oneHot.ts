/** Columns of which each row marks one. */
export interface OneHotColumns {
  readonly columns: readonly number[];
  /** Of each row, the places among `columns` that it marks. */
  readonly marked: readonly (readonly number[])[];
}

const isOne = (cell: string) => /^(1([.,]0*)?|true)$/i.test(cell);
const isZero = (cell: string) => /^(0([.,]0*)?|false|)$/i.test(cell);

/** Longer runs are not searched for a part of them. */
const maxSearched = 256;

/**
 * Finds columns that are one-hot: side by side, nothing but ones and zeros (also as 1.0 and 0.0, or true and false),
 * and most rows with a single one among them. Where there are more such columns than the network has classes, those
 * that no row marks do not count, or the part of them counts that has as many and fits best.
 *
 * @param rows without a heading
 * @param count number of the network's classes; null where it is not known
 */
export function oneHotColumns(
  rows: readonly (readonly string[])[],
  count: number | null,
): OneHotColumns | null {
  let best: OneHotColumns | null = null;
  let bestFit = 0;
  for (const columns of binaryRuns(rows).flatMap((run) => [run, ...partsOf(run, rows, count)])) {
    const marked = rows.map((row) => marksOf(row, columns));
    const single = marked.filter(({ length }) => length === 1).length;
    // As many columns as classes decides between equals.
    const fit = single + (columns.length === count ? 0.5 : 0);
    if (single * 2 <= rows.length || fit <= bestFit) continue;
    best = { columns, marked };
    bestFit = fit;
  }
  return best;
}

/** Runs of at least two columns of ones and zeros. */
function binaryRuns(rows: readonly (readonly string[])[]): number[][] {
  const width = rows[0]?.length ?? 0;
  const runs: number[][] = [[]];
  for (let column = 0; column < width; column++) {
    const isBinary = rows.every((row) => isOne(row[column] ?? '') || isZero(row[column] ?? ''));
    if (isBinary) runs.at(-1)!.push(column);
    else runs.push([]);
  }
  return runs.filter(({ length }) => length >= 2);
}

/** Parts of a run that has more columns than there are classes. */
function partsOf(
  run: readonly number[],
  rows: readonly (readonly string[])[],
  count: number | null,
): number[][] {
  if (count === null || count < 2 || run.length <= count || run.length > maxSearched) return [];
  const marked = run.filter((column) => rows.some((row) => isOne(row[column] ?? '')));
  const windows = run.slice(count - 1).map((_, from) => run.slice(from, from + count));
  return marked.length === count ? [marked, ...windows] : windows;
}

function marksOf(row: readonly string[], columns: readonly number[]): readonly number[] {
  return columns.flatMap((column, place) => (isOne(row[column] ?? '') ? [place] : []));
}
