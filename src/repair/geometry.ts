import type { Conv2d, Shape } from '../network/graph';
import type { LayerNode } from '../network/layerNodes';
import type { Factorisation } from '../network/layers';
import { unfoldingOf } from '../network/unfolding';
import type { PatchLayout } from './regression/regression';
import { sizeOf } from '../network/shapes';

/** Where a layer's patches lie in its input. */
export interface PatchGeometry {
  readonly layout: PatchLayout;
  readonly groups: number;
  /** Values of one image at the layer's input and output. */
  readonly inputSize: number;
  readonly outputSize: number;
  /** Output positions per image. */
  readonly positions: number;
  /** Channels of the whole input and output. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** One start in the image's values per tap of a position, −1 where the tap falls on padding. */
  tapStarts(position: number, starts: Int32Array): void;
}

/**
 * The geometry of a layer's patches.
 *
 * @param input shape of the layer's input for one image
 * @param output shape of its output
 */
export function patchGeometry(
  node: LayerNode,
  factorisation: Factorisation,
  input: Shape,
  output: Shape,
): PatchGeometry {
  const { firstTaps, secondTaps, inputs, outputs, groups } = unfoldingOf(node, factorisation);
  const inputChannels = inputs * groups;
  const outputSize = sizeOf(output);
  const { operator } = node;
  return {
    layout: { firstTaps, secondTaps, inputs, outputs },
    groups,
    inputSize: sizeOf(input),
    outputSize,
    positions: outputSize / (outputs * groups),
    inputChannels,
    outputChannels: outputs * groups,
    tapStarts:
      operator.kind === 'dense'
        ? (position, starts) => void (starts[0] = position * inputChannels)
        : convolutionStarts(operator, factorisation, input, output),
  };
}

/** Taps in the order (second, first): for spatial the columns outside, else all taps belong to the first factor. */
function tapOffsets(
  { kernel }: Conv2d,
  factorisation: Factorisation,
): readonly (readonly [number, number])[] {
  const [height = 1, width = 1] = kernel.shape;
  return Array.from({ length: height * width }, (_, tap) => {
    if (factorisation === 'spatial') return [tap % height, Math.floor(tap / height)] as const;
    return [Math.floor(tap / width), tap % width] as const;
  });
}

function convolutionStarts(
  operator: Conv2d,
  factorisation: Factorisation,
  input: Shape,
  output: Shape,
): PatchGeometry['tapStarts'] {
  const { stride, dilation, padding } = operator;
  const [height = 1, width = 1, channels = 1] = input;
  const outputWidth = output[1] ?? 1;
  const offsets = tapOffsets(operator, factorisation);
  return (position, starts) => {
    const top = Math.floor(position / outputWidth) * stride.height - padding.top;
    const left = (position % outputWidth) * stride.width - padding.left;
    offsets.forEach(([down, right], tap) => {
      const y = top + down * dilation.height;
      const x = left + right * dilation.width;
      const isInside = y >= 0 && y < height && x >= 0 && x < width;
      starts[tap] = isInside ? (y * width + x) * channels : -1;
    });
  };
}
