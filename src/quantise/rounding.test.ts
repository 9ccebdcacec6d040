import { describe, expect, it } from 'vitest';
import { createRandom } from '../linalg/random';
import { roundTogether } from './rounding';

const random = createRandom(5);
const size = 12;
const outputs = 3;
/** Patches that go together: twelve values made of four. */
const mixing = Array.from({ length: 4 * size }, () => random.normal());
const patches = Array.from({ length: 400 }, () => {
  const few = Array.from({ length: 4 }, () => random.normal());
  return Array.from({ length: size }, (_, at) => {
    const together = few.reduce((sum, value, k) => sum + value * mixing[k * size + at]!, 0);
    return together + 0.05 * random.normal();
  });
});
const gram = Float64Array.from({ length: size * size }, (_, at) => {
  const [row, column] = [Math.floor(at / size), at % size];
  return patches.reduce((sum, patch) => sum + patch[row]! * patch[column]!, 0) / patches.length;
});
const kernel = Float64Array.from({ length: size * outputs }, () => random.normal());
// Coarse, so that the rounding shows.
const scales = [0.4, 0.5, 0.6];

/** Mean squared error of the answers, counted patch by patch. */
function errorOf(levels: ArrayLike<number>): number {
  let sum = 0;
  for (const patch of patches)
    for (let output = 0; output < outputs; output++) {
      const off = patch.reduce((total, value, row) => {
        const at = row * outputs + output;
        return total + value * (kernel[at]! - levels[at]! * scales[output]!);
      }, 0);
      sum += off * off;
    }
  return sum / patches.length;
}

describe('rounding weights together', () => {
  it('keeps the answers closer than rounding each weight by itself', () => {
    const alone = Int8Array.from(kernel, (value, at) => Math.round(value / scales[at % outputs]!));
    const together = roundTogether(kernel, scales, gram)!;
    expect(errorOf(together)).toBeLessThan(0.3 * errorOf(alone));
  });

  it('is rounding each by itself where no two inputs go together', () => {
    const identity = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
    const alone = Int8Array.from(kernel, (value, at) => Math.round(value / scales[at % outputs]!));
    expect(roundTogether(kernel, scales, identity)).toEqual(alone);
  });

  it('rounds what was never seen, too', () => {
    expect(roundTogether(kernel, scales, new Float64Array(size * size))).not.toBeNull();
  });

  it('has no answer where the moments are no numbers', () => {
    expect(() => roundTogether(kernel, scales, new Float64Array(size * size).fill(NaN))).toThrow(RangeError);
  });
});
