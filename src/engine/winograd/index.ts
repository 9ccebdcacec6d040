import type { Conv2d } from '../../network/graph';
import { canConvolve } from './convolution';

export { compileConvolution, type Convolve } from './convolution';
export { transformKernel } from './kernel';
export type { Clamp, Epilogue } from './program';

/** Products of channels below which the transforms cost more than they save. */
const minWork = 128;
/** Products of channels above which the transformed kernel (four times as large) takes too much memory. */
const maxWork = 512 * 512;

/** Whether a convolution can be computed by `compileConvolution` on this backend, and gains by it. */
export function gainsByWinograd({ kernel, stride, dilation, groups }: Conv2d): boolean {
  const [height, width, inputs = 0, outputs = 0] = kernel.shape;
  const isSquare = height === 3 && width === 3 && groups === 1;
  const isDense = [stride, dilation].every((step) => step.height === 1 && step.width === 1);
  const fitsVectors = inputs % 4 === 0 && outputs % 4 === 0;
  const work = inputs * outputs;
  return isSquare && isDense && fitsVectors && work >= minWork && work <= maxWork && canConvolve();
}
