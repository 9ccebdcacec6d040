import type { Extent, Padding, Shape } from '../../../../network/graph';
import { cannot } from '../context';
import type { OnnxNode } from '../node';

/** How a window slides over an image, from the attributes that Conv and the pools share. */
export interface Sliding {
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly padding: Padding;
}

/**
 * Reads strides, dilations and pads; `auto_pad` is worked out from the input's size.
 *
 * @param isSequence whether the window slides over a sequence, which is an image of height 1
 */
export function slidingOf(node: OnnxNode, window: Extent, isSequence = false): Sliding {
  const stride = pair(node, 'strides', isSequence);
  const dilation = pair(node, 'dilations', isSequence);
  return { stride, dilation, padding: paddingOf(node, { window, stride, dilation }, isSequence) };
}

/** Two whole numbers of at least 1, one for sequences, or ones where the attribute is absent. */
export function pair(node: OnnxNode, attribute: string, isSequence = false): Extent {
  const given = node.integers(attribute) ?? [];
  const expected = isSequence ? 1 : 2;
  if (given.length > expected)
    cannot(
      `its ${attribute} have ${given.length} values, expected ${isSequence ? '1' : '2 (height and width)'}.`,
    );
  const [height = 1, width = 1] = isSequence ? [1, ...given] : given;
  if (height < 1 || width < 1) cannot(`its ${attribute} are ${height} and ${width}, expected at least 1.`);
  return { height, width };
}

function paddingOf(node: OnnxNode, window: Window, isSequence: boolean): Padding {
  const mode = node.text('auto_pad', 'NOTSET');
  if (mode === 'VALID') return { top: 0, bottom: 0, left: 0, right: 0 };
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const size = node.extents(0).slice(1);
    return samePadding(isSequence ? [1, ...size] : size, window, mode === 'SAME_LOWER');
  }
  if (mode !== 'NOTSET') cannot(`its padding mode "${mode}" is not known.`);
  const expected = isSequence ? 2 : 4;
  const pads = node.integers('pads') ?? new Array<number>(expected).fill(0);
  const [top, left, bottom, right] = isSequence ? [0, pads[0], 0, pads[1]] : pads;
  if (pads.length !== expected || pads.some((pad) => pad < 0))
    cannot(`its pads are [${pads.join(', ')}], expected ${expected} from 0 up.`);
  return { top: top!, left: left!, bottom: bottom!, right: right! };
}

interface Window {
  readonly window: Extent;
  readonly stride: Extent;
  readonly dilation: Extent;
}

/** Padding that makes the output input / stride, rounded up; an odd cell goes to the end, or to the start for `lower`. */
function samePadding([height, width]: Shape, { window, stride, dilation }: Window, lower: boolean): Padding {
  const total = (input: number, axis: keyof Extent) => {
    const span = (window[axis] - 1) * dilation[axis] + 1;
    return Math.max(0, (Math.ceil(input / stride[axis]) - 1) * stride[axis] + span - input);
  };
  const split = (sum: number): [number, number] => {
    const less = Math.floor(sum / 2);
    return lower ? [sum - less, less] : [less, sum - less];
  };
  const [top, bottom] = split(total(height!, 'height'));
  const [left, right] = split(total(width!, 'width'));
  return { top, bottom, left, right };
}
