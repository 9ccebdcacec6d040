import type { Tensor } from '../../network/graph';
import { planes } from './geometry';
import { panelWidth } from './program';
import { alongBothAxes, tileSide, transformTaps } from './tile';

/** A 3×3 kernel [3, 3, I, O] transformed and laid out as the matrix product reads it: [36, O / width, I, width]. */
export function transformKernel({ shape, data }: Tensor): Float32Array {
  const [, , inputs = 1, outputs = 1] = shape;
  const width = panelWidth(outputs);
  const transformed = new Float32Array(planes * inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      const tap = (y: number, x: number) => data[((y * 3 + x) * inputs + i) * outputs + o]!;
      const square = [0, 1, 2].map((y) => [0, 1, 2].map((x) => tap(y, x)));
      const place = (Math.floor(o / width) * inputs + i) * width + (o % width);
      alongBothAxes(transformTaps, square).forEach((row, y) =>
        row.forEach((value, x) => (transformed[(y * tileSide + x) * inputs * outputs + place] = value)),
      );
    }
  }
  return transformed;
}
