import { tridiagonalVectors } from './inverseIteration';
import { tridiagonalValues } from './tridiagonalValues';

/** Couplings below this share of the norm are dropped: a backward error near that of the reduction itself. */
const SPLIT_TOLERANCE = 1e-14;

/** Irreducible diagonal block of T with its eigenvalues, descending. */
interface Block {
  readonly start: number;
  readonly diagonal: Float64Array;
  readonly subdiagonal: Float64Array;
  readonly values: Float64Array;
}

/** One eigenvalue and the block it comes from. */
interface Place {
  readonly value: number;
  readonly block: Block;
}

/** All eigenvalues of a symmetric tridiagonal matrix, and what it takes to find their vectors. */
export interface TridiagonalSpectrum {
  /** Descending. */
  readonly values: Float64Array;
  readonly places: readonly Place[];
  readonly norm: number;
}

/**
 * All eigenvalues of a symmetric tridiagonal matrix. It is cut where its couplings vanish, so that repeated values,
 * which only separate blocks can have, need no orthogonalisation later.
 * @param diagonal n values
 * @param subdiagonal n values, entry i couples i − 1 and i, entry 0 is not read
 */
export function tridiagonalSpectrum(diagonal: Float64Array, subdiagonal: Float64Array): TridiagonalSpectrum {
  const norm = rowSumNorm(diagonal, subdiagonal);
  const places = irreducibleBlocks(diagonal, subdiagonal, SPLIT_TOLERANCE * norm).flatMap((block) =>
    Array.from(block.values, (value): Place => ({ value, block })),
  );
  places.sort((p, q) => q.value - p.value);
  return { values: Float64Array.from(places, (place) => place.value), places, norm };
}

/**
 * The leading `count` eigenvectors.
 * @returns count × n row-major, row i belonging to spectrum.values[i]
 */
export function leadingVectors({ places, norm }: TridiagonalSpectrum, count: number): Float64Array {
  const size = places.length;
  const rowsOf = new Map<Block, number[]>();
  places.slice(0, count).forEach(({ block }, row) => {
    const rows = rowsOf.get(block);
    if (rows === undefined) rowsOf.set(block, [row]);
    else rows.push(row);
  });
  const [[whole, rows] = []] = rowsOf;
  // Mostly there is one block, whose vectors are those of the matrix, in the same order.
  if (whole?.diagonal.length === size) return vectorsOfBlock(whole, rows!.length, norm);
  const vectors = new Float64Array(count * size);
  for (const [block, rows] of rowsOf) {
    const blockSize = block.diagonal.length;
    const blockVectors = vectorsOfBlock(block, rows.length, norm);
    rows.forEach((row, k) => {
      const vector = blockVectors.subarray(k * blockSize, (k + 1) * blockSize);
      vectors.set(vector, row * size + block.start);
    });
  }
  return vectors;
}

/** Largest absolute row sum. */
function rowSumNorm(diagonal: Float64Array, subdiagonal: Float64Array): number {
  let norm = 0;
  for (let i = 0; i < diagonal.length; i++) {
    const before = i > 0 ? Math.abs(subdiagonal[i]) : 0;
    const after = i + 1 < diagonal.length ? Math.abs(subdiagonal[i + 1]) : 0;
    norm = Math.max(norm, before + Math.abs(diagonal[i]) + after);
  }
  return norm;
}

function irreducibleBlocks(diagonal: Float64Array, subdiagonal: Float64Array, negligible: number): Block[] {
  const blocks: Block[] = [];
  for (let start = 0, end = 1; end <= diagonal.length; end++) {
    if (end < diagonal.length && Math.abs(subdiagonal[end]) > negligible) continue;
    const part = { diagonal: diagonal.subarray(start, end), subdiagonal: subdiagonal.subarray(start, end) };
    const values = tridiagonalValues(part.diagonal, part.subdiagonal).sort().reverse();
    blocks.push({ start, ...part, values });
    start = end;
  }
  return blocks;
}

/** The block's leading eigenvectors as rows. */
function vectorsOfBlock(block: Block, count: number, norm: number): Float64Array {
  const { diagonal, subdiagonal, values } = block;
  if (diagonal.length === 1) return new Float64Array([1]);
  const vectors = tridiagonalVectors(diagonal, subdiagonal, values.subarray(0, count), norm);
  return vectors ?? rotatedVectors(diagonal, subdiagonal, count);
}

/** The same by accumulating QL's rotations: O(n³) and slow, but it cannot fail where QL converges. */
function rotatedVectors(diagonal: Float64Array, subdiagonal: Float64Array, count: number): Float64Array {
  const size = diagonal.length;
  const rotated = new Float64Array(size * size);
  for (let i = 0; i < size; i++) rotated[i * size + i] = 1;
  const values = tridiagonalValues(diagonal, subdiagonal, rotated);
  const order = Array.from(values.keys()).sort((p, q) => values[q] - values[p]);
  const vectors = new Float64Array(count * size);
  order.slice(0, count).forEach((from, row) => {
    vectors.set(rotated.subarray(from * size, (from + 1) * size), row * size);
  });
  return vectors;
}
