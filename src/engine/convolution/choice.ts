import type { Conv2d, Shape } from '../../network/graph';
import { slidingOutput } from '../../network/window';
import { lanes } from './code';
import type { FormName } from './forms';
import { currentHeap } from './heap';
import { hasVectors } from './instructions';
import { alignedOutputs, isPointwise, type Layer } from './plan';
import { tileOutputs, tileSide } from './tile';

/** Whether `compileConvolution` can be used here. */
export function canConvolve(): boolean {
  return hasVectors() && currentHeap() !== null;
}

/** Products of channels above which a transformed 3×3 kernel (four times as large) takes too much memory. */
const maxSquareWork = 512 * 512;
/** What Winograd's transforms cost at least, as a share of its products. */
const transformShare = 0.25;

/**
 * The way to compute a convolution here that is fastest, or null where that is the general kernels'.
 *
 * @param shape of the images; where it is not known they are taken to be large
 */
export function formOf(convolution: Conv2d, shape: Shape | null): FormName | null {
  if (!fillsLanes(convolution)) return null;
  const form = winogradForm(convolution);
  if (form && gainsByTiles(form, convolution, shape)) return form;
  return canBeDirect(convolution, shape) ? 'direct' : null;
}

/** Whether a convolution can be computed here by its definition, and faster than by the general kernels. */
export function canBeDirect(convolution: Conv2d, shape: Shape | null): boolean {
  const { kernel, groups } = convolution;
  const isNarrow = shape !== null && isOnePixelWide(convolution, shape);
  return fillsLanes(convolution) && !isNarrow && (groups === 1 || (kernel.shape[2] ?? 0) >= lanes);
}

function fillsLanes({ kernel, groups }: Conv2d): boolean {
  return canConvolve() && ((kernel.shape[3] ?? 0) / groups) % lanes === 0;
}

/** Whether lines of outputs have one pixel only, so that blocks of four take it from four images. */
function isOnePixelWide(convolution: Conv2d, shape: Shape): boolean {
  return slidingOutput(convolution, shape).width === 1 && !isPointwise(convolution);
}

function winogradForm({ kernel, stride, dilation, groups }: Conv2d): Exclude<FormName, 'direct'> | null {
  const [height, width, inputs = 0, outputs = 0] = kernel.shape;
  const isStill = [stride, dilation].every((step) => step.height === 1 && step.width === 1);
  if (!isStill || groups !== 1 || inputs % lanes !== 0) return null;
  if (height === 3 && width === 3) return inputs * outputs <= maxSquareWork ? 'square' : null;
  if (height === 3 && width === 1) return 'vertical';
  return height === 1 && width === 3 ? 'horizontal' : null;
}

/** Whether an image's tiles, of which the last may be nearly empty, take fewer products than the definition. */
function gainsByTiles(form: Exclude<FormName, 'direct'>, convolution: Conv2d, shape: Shape | null): boolean {
  if (!shape) return true;
  const { height, width } = slidingOutput(convolution, shape);
  const products = (extent: number, isTiled: boolean) => {
    return isTiled ? tileSide * Math.ceil(extent / tileOutputs) : extent;
  };
  const tiled = products(height, form !== 'horizontal') * products(width, form !== 'vertical');
  const [taps = 1, across = 1] = convolution.kernel.shape;
  return tiled * (1 + transformShare) <= height * width * taps * across;
}

/**
 * The ways to compute two convolutions strip by strip, without writing out what the first makes, of which the second
 * reads line by line; null where they are to be computed one after the other.
 */
export function pairOf(first: Conv2d, second: Conv2d, shape: Shape | null): readonly [Layer, Layer] | null {
  if (!canConvolve() || first.groups !== 1 || second.groups !== 1) return null;
  const between = alignedOutputs(first);
  const size = shape && slidingOutput(first, shape);
  const one = formOf(withChannels(first, first.kernel.shape[2] ?? 0, between), shape);
  const two = formOf(
    withChannels(second, between, second.kernel.shape[3] ?? 0),
    size && [size.height, size.width, between],
  );
  if (!one || !two) return null;
  return [
    { convolution: first, form: one },
    { convolution: second, form: two },
  ];
}

function withChannels(convolution: Conv2d, inputs: number, outputs: number): Conv2d {
  const { shape, data } = convolution.kernel;
  return { ...convolution, kernel: { shape: [...shape.slice(0, 2), inputs, outputs], data } };
}
