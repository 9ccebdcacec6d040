import { estimatedSpectrum } from './estimatedSpectrum';
import { orthonormaliseRows, scaleRow } from './orthogonalise';
import { addProduct } from './product';
import { createRandom } from './random';
import { checkMatrix, fixSigns } from './svd';
import { eigenOf, powerOfTwoScale } from './symmetricEigen';
import { blockView, transposeView, viewOf, type MatrixView } from './view';
import { doubles, inWorkspace } from './workspace';

/** The leading part of a singular value decomposition, and what is known of the rest. */
export interface LeadingSvd {
  /** rank × rows, row-major, orthonormal rows: the left singular vectors. */
  readonly left: Float64Array;
  /** rank × columns, row-major, orthonormal rows: the right ones. */
  readonly right: Float64Array;
  /** Of the triplets, descending: uᵢᵀ·a·vᵢ of the i-th left and right vector, never above the singular value that it stands for. */
  readonly values: Float64Array;
  /** All min(rows, columns) singular values, descending, as estimated; the sum of their squares is exact. */
  readonly singularValues: Float64Array;
  /** Number of triplets: half of block · steps. */
  readonly rank: number;
}

export interface LeadingSvdOptions {
  /** Random vectors that the search begins with: more of them make larger, faster products. */
  readonly block?: number;
  /** How often the matrix is applied to a block: more of them make the answer better. */
  readonly steps?: number;
  /** Told all singular values as estimated, before there are vectors. */
  readonly onValues?: (values: Float64Array) => void;
}

/** Rows of the matrix that are multiplied from both sides while they are in the cache. */
const slabRows = 256;
const seed = 14;

/**
 * Leading singular triplets of a large matrix, and an estimate of all of its singular values, for a fraction of the
 * work of a full decomposition: block · steps columns of two products instead of min(rows, columns) of them.
 *
 * Method: randomised block Krylov (Musco and Musco 2015). The space that (aᵀa)ʲ·Ω spans for j < steps, Ω random, is
 * made orthonormal block by block, and the matrix, restricted to it, decomposed. Half of the triplets are kept. The
 * other values follow from the same numbers: the eigenvalues of aᵀa in that space are the nodes of a Gauss quadrature
 * of its spectrum, the shares of Ω in their vectors the weights (Golub and Welsch 1969; Ubaru, Chen and Saad 2017),
 * scaled so that the sum of squares is the matrix's.
 *
 * Error, as the tests demand it with 10 steps on spectra from flat (normal entries) to i⁻¹: what a·v·vᵀ leaves of
 * the matrix is at most 4 % above the least that this rank leaves, in squares; running sums of the values are within
 * 1 % of the whole sum. Where values fall evenly over five orders of magnitude, sums are within 15 %.
 *
 * Deterministic. Single precision in the products. Memory besides the input, in Float64: rows · block · steps,
 * columns · block · steps, and a slab of 256 rows.
 * @param a rows × columns, row-major; not modified
 * @throws RangeError on a wrong length, sides that are not positive integers, entries that are not finite, or a space
 *   of more than min(rows, columns) dimensions
 */
export function leadingSvd(
  a: Float32Array,
  rows: number,
  columns: number,
  options: LeadingSvdOptions = {},
): LeadingSvd {
  checkMatrix('leadingSvd', a, rows, columns);
  if (rows >= columns) return ofTall(a, rows, columns, options);
  const turned = ofTall(turnedOver(a, rows, columns), columns, rows, options);
  return { ...turned, left: turned.right, right: turned.left };
}

function ofTall(
  a: Float32Array,
  rows: number,
  columns: number,
  { block = 64, steps = 10, onValues }: LeadingSvdOptions,
): LeadingSvd {
  const size = block * steps;
  if (!(Number.isInteger(block) && Number.isInteger(steps) && size >= 2 && size <= columns))
    throw new RangeError(
      `leadingSvd: expected a space of 2…${columns} dimensions, got ${block} times ${steps}`,
    );
  const rank = size >> 1;
  const scale = powerOfTwoScale(a);
  const space = krylovSpace({ a, rows, columns, scale }, block, steps);
  const images = viewOf(space.images, size, rows);
  const eigen = eigenOf(
    size,
    (lower) => addProduct(lower, 1, images, transposeView(images), 'lower'),
    () => ({ count: size, precision: 'double' }),
  );
  const singularValues = estimatedSpectrum({
    squares: eigen.values.map((value) => Math.max(0, value)),
    weights: startingShares(eigen.vectors, size, block, columns),
    residuals: residualsOf(eigen.vectors, size, block, space.rest, columns),
    count: columns,
    known: rank,
    sum: space.squares,
  }).map((value) => scale * value);
  onValues?.(singularValues);
  const turn = viewOf(eigen.vectors.subarray(0, rank * size), rank, size);
  const left = turned(turn, images);
  const right = turned(turn, viewOf(space.basis, size, columns));
  const values = eigen.values.subarray(0, rank).map((value) => Math.sqrt(Math.max(0, value)));
  values.forEach((value, k) => {
    if (value > 0) scaleRow(left, k, rows, 1 / value);
  });
  fixSigns(left, right, rank);
  return {
    left,
    right,
    values: values.map((value) => scale * value),
    singularValues,
    rank,
  };
}

function turnedOver(a: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = a[i * columns + j];
  return result;
}

interface TallMatrix {
  readonly a: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** What its entries are divided by. */
  readonly scale: number;
}

interface KrylovSpace {
  /** size × columns: orthonormal rows v. */
  readonly basis: Float64Array;
  /** size × rows: a·v of each. */
  readonly images: Float64Array;
  /** block × columns: what aᵀ·a makes of the last block outside of the space. */
  readonly rest: Float64Array;
  /** Sum of the squares of the matrix's entries. */
  readonly squares: number;
}

function krylovSpace(matrix: TallMatrix, block: number, steps: number): KrylovSpace {
  const { a, rows, columns, scale } = matrix;
  const size = block * steps;
  // Room for the block behind the last, which tells how much is missing.
  const basis = new Float64Array((size + block) * columns);
  const images = new Float64Array(size * rows);
  const random = createRandom(seed);
  for (let i = 0; i < block * columns; i++) basis[i] = random.normal();
  orthonormaliseRows(basis, 0, block, columns);
  for (let step = 0; step < steps; step++) {
    const from = step * block;
    applyBlock(matrix, basis, images, from, block);
    if (step === steps - 1) projectLast(basis, size, block, columns);
    else orthonormaliseRows(basis, from + block, from + 2 * block, columns);
  }
  return {
    basis: basis.subarray(0, size * columns),
    images,
    rest: basis.subarray(size * columns),
    squares: sumOfSquares(a, scale),
  };
}

/**
 * Writes a·v of the basis' rows from `from` on into the images, and aᵀ·a·v into the basis behind them, which are zeros
 * until then. The matrix is read slab by slab, each copied to where kernels read it.
 */
function applyBlock(
  { a, rows, columns, scale }: TallMatrix,
  basis: Float64Array,
  images: Float64Array,
  from: number,
  block: number,
): void {
  const slab = Math.min(slabRows, rows);
  inWorkspace(slab * columns + 2 * block * columns + block * slab + 8, () => {
    const values = doubles(slab * columns);
    const given = doubles(block * columns);
    const next = doubles(block * columns);
    const image = doubles(block * slab);
    given.set(basis.subarray(from * columns, (from + block) * columns));
    for (let row = 0; row < rows; row += slab) {
      const height = Math.min(slab, rows - row);
      values.set(a.subarray(row * columns, (row + height) * columns));
      const part = { ...viewOf(values, slab, columns), rows: height };
      const own = { ...viewOf(image, block, slab), columns: height };
      image.fill(0);
      addProduct(own, 1 / scale, viewOf(given, block, columns), transposeView(part), 'full', 'single');
      for (let line = 0; line < block; line++)
        images.set(image.subarray(line * slab, line * slab + height), (from + line) * rows + row);
      addProduct(viewOf(next, block, columns), 1 / scale, own, part, 'full', 'single');
    }
    basis.set(next, (from + block) * columns);
  });
}

function sumOfSquares(a: Float32Array, scale: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] / scale) ** 2;
  return sum;
}

/** Takes out of the rows behind the space what lies in it. */
function projectLast(basis: Float64Array, size: number, block: number, columns: number): void {
  const space = viewOf(basis.subarray(0, size * columns), size, columns);
  const last = viewOf(basis.subarray(size * columns), block, columns);
  for (let pass = 0; pass < 2; pass++) {
    const overlaps = viewOf(new Float64Array(block * size), block, size);
    addProduct(overlaps, 1, last, transposeView(space));
    addProduct(last, -1, overlaps, space);
  }
}

/** How many of all eigenvectors each of the space's stands for, by its share in the random vectors of the start. */
function startingShares(
  vectors: Float64Array,
  size: number,
  block: number,
  dimensions: number,
): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => {
    let share = 0;
    for (let p = k * size; p < k * size + block; p++) share += vectors[p] * vectors[p];
    return (share * dimensions) / block;
  });
}

/** Lengths of aᵀ·a·v − θ·v for every eigenpair of the space: some eigenvalue of aᵀa is as near to θ as that. */
function residualsOf(
  vectors: Float64Array,
  size: number,
  block: number,
  rest: Float64Array,
  columns: number,
): Float64Array {
  const coefficients = blockView(viewOf(vectors, size, size), 0, size - block, size, block);
  const outside = new Float64Array(size * columns);
  addProduct(viewOf(outside, size, columns), 1, coefficients, viewOf(rest, block, columns), 'full', 'single');
  return Float64Array.from({ length: size }, (_, k) => {
    let sum = 0;
    for (let i = k * columns; i < (k + 1) * columns; i++) sum += outside[i] * outside[i];
    return Math.sqrt(sum);
  });
}

/** turn · lines */
function turned(turn: MatrixView, lines: MatrixView): Float64Array {
  const result = new Float64Array(turn.rows * lines.columns);
  addProduct(viewOf(result, turn.rows, lines.columns), 1, turn, lines, 'full', 'single');
  return result;
}
