import { createRandom } from '../../linalg/random';
import { multiply, transposedMultiply } from '../../linalg/matrix';
import { thinSvd } from '../../linalg/svd';
import type { FactorPair } from './factorPair';
import { emptySums, momentsOf } from './momentSums';
import { firstRows, patchSize, type Moments, type PatchLayout } from './regression';

/** Samples of a layer for tests, with everything that a direct solution needs. */
export interface TestRegression {
  readonly layout: PatchLayout;
  readonly samples: number;
  /** samples × patchSize */
  readonly patches: Float64Array;
  /** samples × outputs */
  readonly targets: Float64Array;
  readonly moments: Moments;
}

export interface TestRegressionOptions {
  readonly seed: number;
  readonly samples: number;
  /** Number of independent directions of the patches; all where absent. */
  readonly patchRank?: number;
}

/** Patches with correlated values and non-zero means, and targets that a kernel explains in part. */
export function testRegression(layout: PatchLayout, options: TestRegressionOptions): TestRegression {
  const { seed, samples } = options;
  const random = createRandom(seed);
  const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
  const size = patchSize(layout);
  const inner = options.patchRank ?? size;
  const mixed = multiply(normals(samples * inner), normals(inner * size), samples, inner, size);
  const means = normals(size);
  const patches = mixed.map((value, index) => value + means[index % size]);
  const explained = multiply(patches, normals(size * layout.outputs), samples, size, layout.outputs);
  const targets = explained.map((value) => value + 2 * random.normal() + 0.01 * value * value);
  return { layout, samples, patches, targets, moments: momentsOfSamples(layout, patches, targets) };
}

/** Moments of samples, by plain products. */
export function momentsOfSamples(layout: PatchLayout, patches: Float64Array, targets: Float64Array): Moments {
  const size = patchSize(layout);
  const { outputs } = layout;
  const sums = emptySums(size, outputs);
  sums.samples = patches.length / size;
  patches.forEach((value, index) => (sums.patches[index % size] += value));
  targets.forEach((value, index) => {
    sums.targets[index % outputs] += value;
    sums.targetSquares[index % outputs] += value * value;
  });
  sums.gram.set(transposedMultiply(patches, patches, size, sums.samples, size));
  sums.cross.set(transposedMultiply(patches, targets, size, sums.samples, outputs));
  return momentsOf(sums, { patch: new Float64Array(size), target: new Float64Array(outputs) });
}

/** Factors of normal numbers. */
export function randomFactors(layout: PatchLayout, rank: number, seed: number): FactorPair {
  const random = createRandom(seed);
  const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
  return {
    rank,
    first: normals(firstRows(layout) * rank),
    second: normals(layout.secondTaps * rank * layout.outputs),
  };
}

/**
 * Least mean squared error of right ≈ design · x over all x, by the projection on the design's singular vectors.
 *
 * @param design rows × unknowns
 * @param right rows × columns
 * @param divisor what the sum of squares is divided by
 */
export function minError(
  design: Float64Array,
  right: Float64Array,
  rows: number,
  unknowns: number,
  columns: number,
  divisor: number,
): number {
  const { u, singularValues } = thinSvd(design, rows, unknowns);
  const all = Math.min(rows, unknowns);
  const kept = singularValues.filter((value) => value > 1e-9 * singularValues[0]).length;
  const along = transposedMultiply(u, right, all, rows, columns);
  let error = right.reduce((sum, value) => sum + value * value, 0);
  for (let index = 0; index < kept * columns; index++) error -= along[index] ** 2;
  return error / divisor;
}

/** Columns reduced by their means. */
export function centred(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  const means = new Float64Array(columns);
  matrix.forEach((value, index) => (means[index % columns] += value / rows));
  return matrix.map((value, index) => value - means[index % columns]);
}
