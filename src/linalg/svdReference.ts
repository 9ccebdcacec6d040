import type { ThinSvd } from './svd';

/**
 * Plain, slow thin SVD by one-sided Jacobi rotations (Hestenes 1958): the yardstick for `thinSvd`. It shares
 * no step with it, and finds small singular values to high accuracy. O(sweeps · rows · columns · min side).
 * @param a rows × columns, row-major, finite
 */
export function svdReference(a: ArrayLike<number>, rows: number, columns: number): ThinSvd {
  if (rows < columns) {
    const { u, singularValues, v, rank } = svdReference(transposed(a, rows, columns), columns, rows);
    return { u: v, singularValues, v: u, rank };
  }
  const scale = largestMagnitude(a) || 1;
  const left = columnsOf(a, rows, columns, scale);
  const right = columnsOf(identity(columns), columns, columns, 1);
  rotateUntilOrthogonal(left, right);
  const norms = left.map((column) => Math.sqrt(dot(column, column)));
  const order = norms.map((_, index) => index).sort((p, q) => norms[q] - norms[p]);
  const negligible = rows * Number.EPSILON * norms[order[0]];
  const leftBasis: Float64Array[] = [];
  for (const index of order) leftBasis.push(unitVectorLike(left[index], norms[index], negligible, leftBasis));
  return {
    u: joinColumns(leftBasis, rows),
    singularValues: Float64Array.from(order, (index) => norms[index] * scale),
    v: joinColumns(
      order.map((index) => right[index]),
      columns,
    ),
    rank: columns,
  };
}

function rotateUntilOrthogonal(left: Float64Array[], right: Float64Array[]): void {
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotations = 0;
    for (let p = 0; p < left.length; p++) {
      for (let q = p + 1; q < left.length; q++) {
        const alpha = dot(left[p], left[p]);
        const beta = dot(left[q], left[q]);
        const gamma = dot(left[p], left[q]);
        if (gamma === 0 || Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha) * Math.sqrt(beta)) continue;
        rotations++;
        const zeta = (beta - alpha) / (2 * gamma);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        rotate(left[p], left[q], cosine, cosine * tangent);
        rotate(right[p], right[q], cosine, cosine * tangent);
      }
    }
    if (rotations === 0) return;
  }
}

function rotate(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < x.length; i++) {
    const held = x[i];
    x[i] = cosine * held - sine * y[i];
    y[i] = sine * held + cosine * y[i];
  }
}

/** The column scaled to length 1, or, where it is only noise, any unit vector orthogonal to the basis. */
function unitVectorLike(
  column: Float64Array,
  norm: number,
  negligible: number,
  basis: Float64Array[],
): Float64Array {
  if (norm > negligible) return column.map((value) => value / norm);
  for (let axis = 0; axis < column.length; axis++) {
    const candidate = new Float64Array(column.length);
    candidate[axis] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (const member of basis) {
        const overlap = dot(candidate, member);
        member.forEach((value, i) => (candidate[i] -= overlap * value));
      }
    }
    const length = Math.sqrt(dot(candidate, candidate));
    // Some axis always keeps this much: the squared remainders of all axes sum to the missing dimensions.
    if (length * length >= 0.5 / column.length) return candidate.map((value) => value / length);
  }
  throw new Error('svdReference: expected room for one more orthogonal vector, got a full basis');
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

function largestMagnitude(a: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]));
  return largest;
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}

function transposed(a: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = a[i * columns + j];
  }
  return result;
}

function columnsOf(a: ArrayLike<number>, rows: number, columns: number, scale: number): Float64Array[] {
  return Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => a[i * columns + j] / scale),
  );
}

function joinColumns(columns: Float64Array[], rows: number): Float64Array {
  const joined = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) joined[i * columns.length + j] = column[i];
  });
  return joined;
}
