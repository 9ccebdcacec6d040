import { createRandom } from '../../src/linalg/random';

/** Seeded weights that keep activations of about the same size from layer to layer. */
export interface WeightStream {
  /**
   * Zero-mean weights of a kernel (He et al. 2015).
   * @param fanIn number of inputs that one output sums up
   * @param gain 2 where a rectifier follows, 1 where nothing does
   */
  kernel(count: number, fanIn: number, gain?: number): Float32Array;
  /** Numbers between two bounds. */
  between(count: number, low: number, high: number): Float32Array;
}

/** The same numbers for the same seed. */
export function weightStream(seed: number): WeightStream {
  const { bits } = createRandom(seed);
  const between = (count: number, low: number, high: number) => {
    const values = new Float32Array(count);
    const step = (high - low) / 2 ** 32;
    for (let index = 0; index < count; index++) values[index] = low + step * bits();
    return values;
  };
  return {
    between,
    kernel(count, fanIn, gain = 2) {
      // Uniform numbers of half-width √3·σ have the deviation σ.
      const limit = Math.sqrt((3 * gain) / fanIn);
      return between(count, -limit, limit);
    },
  };
}
