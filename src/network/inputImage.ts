import type { Shape } from './graph';

/** Size of an image. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * The image that a network's input is: height × width × channels as they are, height × width as a grey one, and a
 * vector as a square grey one where its length is a square, as 28×28 digits laid flat are, else as one row. The
 * values of the image are those of the input, in the same order.
 *
 * @param shape of the input without the batch
 * @returns null where the input has more axes than an image
 */
export function inputImage(shape: Shape): ImageSize | null {
  const [first = 1, second, third] = shape;
  if (shape.length > 3) return null;
  if (third !== undefined && second !== undefined) return { height: first, width: second, channels: third };
  if (second !== undefined) return { height: first, width: second, channels: 1 };
  const side = Math.round(Math.sqrt(first));
  const isSquare = side * side === first;
  return { height: isSquare ? side : 1, width: isSquare ? side : first, channels: 1 };
}

/** Channels of the images that a network reads; three where its input is no image. */
export function inputChannels(shape: Shape): number {
  return inputImage(shape)?.channels ?? 3;
}
