/** What the linear transforms are computed with: numbers in tests, vectors in WebAssembly. */
export interface Arithmetic<T> {
  plus(a: T, b: T): T;
  minus(a: T, b: T): T;
  times(a: T, factor: number): T;
}

/** Outputs per side of a tile. */
export const tileOutputs = 4;
/** Inputs per side of a tile, and values per side of a transformed one. */
export const tileSide = 6;

/*
 * Winograd's minimal filtering F(4, 3) at the points 0, ±1, ±2 and ∞ (Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", 2015): four outputs of a filter of three taps from six products,
 * y = Aᵀ [(G g) ⊙ (Bᵀ d)]. Used along both axes, 16 outputs of a 3×3 kernel take 36 products instead of 144.
 */

/** Bᵀ d: six neighbouring inputs to six factors. */
export function transformInputs<T>({ plus, minus, times }: Arithmetic<T>, d: readonly T[]): readonly T[] {
  const [d0, d1, d2, d3, d4, d5] = d as [T, T, T, T, T, T];
  const evenAtOne = minus(d4, times(d2, 4));
  const oddAtOne = minus(d3, times(d1, 4));
  const evenAtTwo = minus(d4, d2);
  const oddAtTwo = times(minus(d3, d1), 2);
  return [
    plus(times(minus(d0, d2), 4), evenAtTwo),
    plus(evenAtOne, oddAtOne),
    minus(evenAtOne, oddAtOne),
    plus(evenAtTwo, oddAtTwo),
    minus(evenAtTwo, oddAtTwo),
    minus(minus(d5, d3), times(oddAtTwo, 2)),
  ];
}

/** Aᵀ m: six sums of products to four outputs. */
export function transformOutputs<T>({ plus, minus, times }: Arithmetic<T>, m: readonly T[]): readonly T[] {
  const [m0, m1, m2, m3, m4, m5] = m as [T, T, T, T, T, T];
  const [sumAtOne, gapAtOne] = [plus(m1, m2), minus(m1, m2)];
  const [sumAtTwo, gapAtTwo] = [plus(m3, m4), minus(m3, m4)];
  return [
    plus(m0, plus(sumAtOne, sumAtTwo)),
    plus(gapAtOne, times(gapAtTwo, 2)),
    plus(sumAtOne, times(sumAtTwo, 4)),
    plus(plus(gapAtOne, times(gapAtTwo, 8)), m5),
  ];
}

/** G, by rows: what the three taps contribute to each of the six factors. */
export const tapFactors: readonly (readonly [number, number, number])[] = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];

/** Applies a transform of lines to the rows, then the columns, of a square of values. */
export function alongBothAxes<T>(
  transform: (line: readonly T[]) => readonly T[],
  square: readonly (readonly T[])[],
): readonly (readonly T[])[] {
  return transposed(transposed(square.map(transform)).map(transform));
}

function transposed<T>(rows: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}
