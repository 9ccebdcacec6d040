import type { Tensor } from '../../network/graph';
import { planes } from './geometry';
import { panelWidth } from './program';
import { tapFactors, tileSide } from './tile';

/** A 3×3 kernel [3, 3, I, O] transformed and laid out as the matrix product reads it: [36, O / width, I, width]. */
export function transformKernel({ shape, data }: Tensor): Float32Array {
  const [, , inputs = 1, outputs = 1] = shape;
  const width = panelWidth(outputs);
  const pairs = inputs * outputs;
  const transformed = new Float32Array(planes * pairs);
  const taps = new Float64Array(9);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      for (let tap = 0; tap < 9; tap++) taps[tap] = data[(tap * inputs + i) * outputs + o]!;
      const place = (Math.floor(o / width) * inputs + i) * width + (o % width);
      transformTaps(taps, transformed, place, pairs);
    }
  }
  return transformed;
}

const rows = new Float64Array(3 * tileSide);

/** Writes G g Gᵀ of one 3×3 filter, `stride` from each value to the next. */
function transformTaps(g: Float64Array, target: Float32Array, start: number, stride: number): void {
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < tileSide; x++) {
      const [a, b, c] = tapFactors[x]!;
      rows[y * tileSide + x] = a * g[3 * y]! + b * g[3 * y + 1]! + c * g[3 * y + 2]!;
    }
  }
  for (let y = 0; y < tileSide; y++) {
    const [a, b, c] = tapFactors[y]!;
    for (let x = 0; x < tileSide; x++) {
      target[start + (y * tileSide + x) * stride] =
        a * rows[x]! + b * rows[tileSide + x]! + c * rows[2 * tileSide + x]!;
    }
  }
}
