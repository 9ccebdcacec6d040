import type { Extent } from '../../../../network/graph';
import { cannot } from '../../onnx/context';

/**
 * Two numbers that Caffe takes as one for both, as height and width, or under names of their own (`_h`, `_w`);
 * null where it says nothing.
 */
export function pairOf(
  what: string,
  both: readonly number[],
  height?: number,
  width?: number,
): Extent | null {
  if (both.length > 2) cannot(`its ${what} has ${both.length} values, expected 2 (height and width).`);
  const [first, second = first] = both;
  if (first !== undefined && second !== undefined) return { height: first, width: second };
  if (height === undefined && width === undefined) return null;
  // The one that is left out is 0 for a padding and 1 for a stride, as in Caffe.
  const absent = what === 'pad' ? 0 : 1;
  return { height: height ?? absent, width: width ?? absent };
}
