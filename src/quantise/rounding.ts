import { choleskyFactor } from '../linalg/cholesky';
import { levelOf } from '../network/stored';

/** Share of the mean of the Gram matrix's diagonal that is added to it, so that no direction counts as nothing. */
const damping = 0.01;

/**
 * Rounds a kernel to levels so that what it answers stays, not each weight by itself: weight after weight, what the
 * rounding of those before does to the answers is made up for as far as the inputs go together. With the Cholesky
 * factor L of the Gram matrix the mean squared error of the answers is |Lᵀ(w − q)|², which this makes small from the
 * last weight to the first (Babai's nearest plane, "On Lovász' lattice reduction and the nearest lattice point
 * problem", 1986; the same as Frantar et al., "GPTQ", 2023, in another order).
 *
 * @param kernel size × outputs
 * @param scales one per output
 * @param gram second moments of the patches, size × size
 * @returns levels, size × outputs; null where the moments tell too little
 */
export function roundTogether(
  kernel: Float64Array,
  scales: ArrayLike<number>,
  gram: Float64Array,
): Int8Array | null {
  const outputs = scales.length;
  const size = kernel.length / outputs;
  const factor = choleskyFactor(damped(gram, size), size);
  if (factor.kind !== 'factor') return null;
  const { lower } = factor;
  const levels = new Int8Array(kernel.length);
  const errors = new Float64Array(kernel.length);
  const due = new Float64Array(outputs);
  for (let row = size - 1; row >= 0; row--) {
    due.fill(0);
    for (let later = row + 1; later < size; later++) {
      const weight = lower[later * size + row]!;
      if (weight === 0) continue;
      for (let output = 0; output < outputs; output++)
        due[output]! += weight * errors[later * outputs + output]!;
    }
    for (let output = 0; output < outputs; output++) {
      const at = row * outputs + output;
      const scale = scales[output]!;
      levels[at] = levelOf(kernel[at]! + due[output]! / lower[row * size + row]!, scale);
      errors[at] = kernel[at]! - levels[at]! * scale;
    }
  }
  return levels;
}

function damped(gram: Float64Array, size: number): Float64Array {
  const matrix = gram.slice();
  let trace = 0;
  for (let row = 0; row < size; row++) trace += gram[row * size + row]!;
  const added = damping * (trace / size) || 1;
  for (let row = 0; row < size; row++) matrix[row * size + row]! += added;
  return matrix;
}
