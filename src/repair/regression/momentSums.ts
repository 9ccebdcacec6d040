import { mirrorLower } from '../../linalg/matrix';
import type { Moments } from './regression';

/**
 * Running sums of products of patches and targets, both taken relative to fixed shifts so that large means do
 * not eat up the digits of the second moments. Sums of disjoint samples add up.
 */
export interface MomentSums {
  readonly size: number;
  readonly outputs: number;
  samples: number;
  /** Sum of patches, size. */
  readonly patches: Float64Array;
  /** Sum of targets, outputs. */
  readonly targets: Float64Array;
  /** Sum of patch · patchᵀ, size × size, of which only the entries up to the diagonal are kept; empty where it is not summed. */
  readonly gram: Float64Array;
  /** Sum of patch · targetᵀ, size × outputs. */
  readonly cross: Float64Array;
  /** Sum of squared targets, outputs. */
  readonly targetSquares: Float64Array;
}

/** What patches and targets were reduced by before they were summed. */
export interface Shift {
  readonly patch: Float64Array;
  readonly target: Float64Array;
}

/** @param withGram whether products of patches with patches are to be summed */
export function emptySums(size: number, outputs: number, withGram = true): MomentSums {
  return {
    size,
    outputs,
    samples: 0,
    patches: new Float64Array(size),
    targets: new Float64Array(outputs),
    gram: new Float64Array(withGram ? size * size : 0),
    cross: new Float64Array(size * outputs),
    targetSquares: new Float64Array(outputs),
  };
}

/** The moments that sums stand for: about their own means, with the shift put back into the means. */
export function momentsOf(sums: MomentSums, shift: Shift): Moments {
  const { samples, outputs } = sums;
  if (samples === 0) throw new RangeError('momentsOf: expected at least one sample, got none');
  const patchMean = sums.patches.map((sum) => sum / samples);
  const targetMean = sums.targets.map((sum) => sum / samples);
  const gram = sums.gram.length > 0 ? centredGram(sums, patchMean) : new Float64Array(0);
  return {
    samples,
    patchMean: patchMean.map((mean, i) => mean + shift.patch[i]),
    targetMean: targetMean.map((mean, o) => mean + shift.target[o]),
    gram,
    cross: sums.cross.map(
      (sum, index) => sum / samples - patchMean[Math.floor(index / outputs)] * targetMean[index % outputs],
    ),
    targetVariance: sums.targetSquares.map((sum, o) => Math.max(0, sum / samples - targetMean[o] ** 2)),
  };
}

function centredGram({ samples, size, gram }: MomentSums, patchMean: Float64Array): Float64Array {
  const centred = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      centred[i * size + j] = gram[i * size + j] / samples - patchMean[i] * patchMean[j];
    }
    // Rounding can leave a constant patch value with a variance just below zero.
    centred[i * size + i] = Math.max(0, centred[i * size + i]);
  }
  mirrorLower(centred, size);
  return centred;
}
