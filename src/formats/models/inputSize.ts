import { shapeText } from '../../network/extents';
import { fail } from '../../network/failure';
import type { Network, Shape } from '../../network/graph';
import { inputSizeText } from '../../network/inputSize';
import type { ReadOptions } from './reader';

/** An extent as a file states it; null where the file leaves it open. */
export type StatedExtent = number | null;

/**
 * The shape of an image input, with height and width from the options where the file leaves them open.
 *
 * @param place where the input stands, for the sentence: `input "x"`
 * @param stated height, width and channels as the file states them
 * @param found what the file says, for the sentence: `[N, 3, height, width]`
 * @param advice what else there is to do
 * @throws FailureError `needs-input-size` where height or width is open and the options say none
 */
export function sizedShape(
  place: string,
  [height, width, channels]: readonly [StatedExtent, StatedExtent, number],
  found: string,
  { inputSize }: ReadOptions,
  advice = 'export the network with a fixed size',
): Shape {
  if (height !== null && width !== null) return [height, width, channels];
  if (!inputSize) {
    return fail(
      'needs-input-size',
      `${place}: expected a height and width, found ${found}, which leaves them open; say how large its images are ` +
        `(--input-size HxW), or ${advice}.`,
    );
  }
  return [height ?? inputSize.height, width ?? inputSize.width, channels];
}

/**
 * Checks that a size that was asked for is the one that the network has now.
 *
 * @throws FailureError `invalid-request` where the files fix another
 */
export function requireInputSize({ input }: Network, { inputSize }: ReadOptions): void {
  if (!inputSize) return;
  const { shape } = input;
  const hasSize = shape.length === 2 || shape.length === 3;
  if (hasSize && shape[0] === inputSize.height && shape[1] === inputSize.width) return;
  fail(
    'invalid-request',
    `input "${input.name}": expected the size that the file fixes, ${shapeText(shape)}, ` +
      `found ${inputSizeText(inputSize)} (--input-size); leave the size out.`,
  );
}
