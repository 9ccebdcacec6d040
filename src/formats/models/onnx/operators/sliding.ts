import type { Extent, Padding, Shape } from '../../../../network/graph';
import { cannot } from '../context';
import type { OnnxNode } from '../node';

/** How a window slides over an image, from the attributes that Conv and the pools share. */
export interface Sliding {
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly padding: Padding;
}

/** Reads strides, dilations and pads; `auto_pad` is worked out from the input's size. */
export function slidingOf(node: OnnxNode, window: Extent): Sliding {
  const stride = pair(node, 'strides');
  const dilation = pair(node, 'dilations');
  return { stride, dilation, padding: paddingOf(node, window, stride, dilation) };
}

/** Two whole numbers of at least 1, or ones where the attribute is absent. */
export function pair(node: OnnxNode, attribute: string): Extent {
  const [height = 1, width = 1, ...more] = node.integers(attribute) ?? [];
  if (more.length > 0)
    cannot(`its ${attribute} have ${more.length + 2} values, expected 2 (height and width).`);
  if (height < 1 || width < 1) cannot(`its ${attribute} are ${height} and ${width}, expected at least 1.`);
  return { height, width };
}

function paddingOf(node: OnnxNode, window: Extent, stride: Extent, dilation: Extent): Padding {
  const mode = node.text('auto_pad', 'NOTSET');
  if (mode === 'VALID') return { top: 0, bottom: 0, left: 0, right: 0 };
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    return samePadding(node.imageShape(0), { window, stride, dilation }, mode === 'SAME_LOWER');
  }
  if (mode !== 'NOTSET') cannot(`its padding mode "${mode}" is not known.`);
  const pads = node.integers('pads') ?? [0, 0, 0, 0];
  const [top, left, bottom, right] = pads;
  if (pads.length !== 4 || pads.some((pad) => pad < 0))
    cannot(`its pads are [${pads.join(', ')}], expected 4 from 0 up.`);
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
