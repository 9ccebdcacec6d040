import { multiply, multiplyTransposed, transposedMultiply } from '../../linalg/matrix';
import { symmetricEigen } from '../../linalg/symmetricEigen';
import { balance, type FactorPair } from './factorPair';
import { patchSize, type Moments, type PatchLayout } from './regression';
import { semidefiniteSolver } from './semidefinite';
import { greatest } from '../../linalg/extremes';

/**
 * The least-squares kernel of full rank, reached by one step from a given kernel: where several fit equally
 * well, one near it. Weights of a patch value that never varies stay.
 *
 * @param kernel size × outputs
 */
export function fitKernel({ gram, cross }: Moments, kernel: Float64Array): Float64Array {
  const size = Math.sqrt(gram.length);
  const outputs = kernel.length / size;
  const explained = multiply(gram, kernel, size, size, outputs);
  const residual = cross.map((value, index) => value - explained[index]);
  const change = semidefiniteSolver(gram, size).solve(residual, outputs);
  return kernel.map((value, index) => value + change[index]);
}

/**
 * Reduced-rank regression (Izenman, 1975), the closed form where one factor reads the patches and the other mixes
 * channels: the full-rank solution, projected on the leading principal directions of its predictions. All
 * ranks come from one decomposition.
 *
 * @param kernel where to start from, size × outputs; the layer's own kernel
 * @param ranks at most the number of outputs each
 * @returns one pair per rank, in their order
 * @throws RangeError where the layout has more than one second tap
 */
export function fitReducedRanks(
  moments: Moments,
  layout: PatchLayout,
  kernel: Float64Array,
  ranks: readonly number[],
): readonly FactorPair[] {
  if (layout.secondTaps !== 1) {
    throw new RangeError(`fitReducedRanks: expected one second tap, got ${layout.secondTaps}`);
  }
  const size = patchSize(layout);
  const { outputs } = layout;
  const best = fitKernel(moments, kernel);
  const predictions = transposedMultiply(
    best,
    multiply(moments.gram, best, size, size, outputs),
    outputs,
    size,
    outputs,
  );
  const { vectors } = symmetricEigen(predictions, outputs, { vectors: greatest(ranks) });
  return ranks.map((rank) => {
    const second = vectors.slice(0, rank * outputs);
    const first = multiplyTransposed(best, second, size, outputs, rank);
    return balance(layout, { rank, first, second });
  });
}
