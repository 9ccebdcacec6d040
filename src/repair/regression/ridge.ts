import type { Moments } from './regression';

/**
 * Moments with a ridge towards a kernel W: what the moments would be with extra samples of white patches that
 * W itself answers. Their error of a kernel K is the data's plus strength · v · ‖K − W‖², where v is the mean
 * variance of a patch value. As the strength grows, the best factors of any rank become the truncated singular
 * value decomposition of W, which is the best approximation of W in this norm.
 *
 * @param kernel W, size × outputs, in the patches' order
 * @param strength 0 leaves the moments alone
 */
export function withRidge(moments: Moments, kernel: Float64Array, strength: number): Moments {
  if (strength === 0) return moments;
  const { gram, cross, targetVariance } = moments;
  const outputs = targetVariance.length;
  const size = gram.length / (cross.length / outputs);
  const weight = strength * meanDiagonal(gram, size);
  const liftedGram = gram.slice();
  for (let i = 0; i < size; i++) liftedGram[i * size + i] += weight;
  const variance = targetVariance.slice();
  const liftedCross = cross.slice();
  for (let from = 0; from < kernel.length; from += outputs) {
    for (let output = 0; output < outputs; output++) {
      const value = kernel[from + output];
      variance[output] += weight * value * value;
      liftedCross[from + output] += weight * value;
    }
  }
  return { ...moments, gram: liftedGram, cross: liftedCross, targetVariance: variance };
}

function meanDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * size + i];
  return sum / size;
}
