import type { Conv2d, Extent, Padding, Pool, Shape } from './graph';

/** A window that slides along one axis of an image. */
export interface SlidingWindow {
  /** Extent of the axis, padding left out. */
  readonly input: number;
  /** Taps of the window. */
  readonly window: number;
  readonly stride: number;
  /** Distance between neighbouring taps. */
  readonly dilation: number;
  /** Padding at the top or the left. */
  readonly before: number;
  /** Padding at the bottom or the right. */
  readonly after: number;
  /** Whether a last window that reaches beyond the padded input counts. */
  readonly roundUp: boolean;
}

/**
 * Number of positions of a sliding window: the output's extent on that axis, 0 where the window does not fit.
 *
 * With `roundUp` the last window must still start inside the input or the padding before it, so that it
 * sees at least one value that is not there for rounding only (ONNX ceil_mode, Caffe, PyTorch).
 */
export function windowOutput(slide: SlidingWindow): number {
  const { input, stride, before, after, roundUp } = slide;
  const room = input + before + after - windowSpan(slide);
  if (!roundUp) return room < 0 ? 0 : Math.floor(room / stride) + 1;
  const rounded = Math.max(0, Math.ceil(room / stride) + 1);
  const lastStart = (rounded - 1) * stride;
  return rounded > 0 && lastStart >= input + before ? rounded - 1 : rounded;
}

/** Extent of a window from its first tap to its last, both included. */
function windowSpan({ window, dilation }: SlidingWindow): number {
  return (window - 1) * dilation + 1;
}

/** How far the last window reaches beyond the padded input; 0 unless the window rounds up. */
function overhang(slide: SlidingWindow): number {
  const end = (windowOutput(slide) - 1) * slide.stride + windowSpan(slide);
  return Math.max(0, end - (slide.input + slide.before + slide.after));
}

interface SlidingPlane {
  readonly window: Extent;
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly padding: Padding;
  readonly roundUp: boolean;
}

function vertical(plane: SlidingPlane, input: Shape): SlidingWindow {
  const { window, stride, dilation, padding, roundUp } = plane;
  return {
    input: input[0],
    window: window.height,
    stride: stride.height,
    dilation: dilation.height,
    before: padding.top,
    after: padding.bottom,
    roundUp,
  };
}

function horizontal(plane: SlidingPlane, input: Shape): SlidingWindow {
  const { window, stride, dilation, padding, roundUp } = plane;
  return {
    input: input[1],
    window: window.width,
    stride: stride.width,
    dilation: dilation.width,
    before: padding.left,
    after: padding.right,
    roundUp,
  };
}

function planeOf(operator: Conv2d | Pool): SlidingPlane {
  if (operator.kind === 'pool') return { ...operator, dilation: { height: 1, width: 1 } };
  const [height, width] = operator.kernel.shape;
  return { ...operator, window: { height, width }, roundUp: false };
}

/** Height and width of what a convolution or pool makes of an image [height, width, channels]; 0 where it does not fit. */
export function slidingOutput(operator: Conv2d | Pool, input: Shape): Extent {
  const plane = planeOf(operator);
  return { height: windowOutput(vertical(plane, input)), width: windowOutput(horizontal(plane, input)) };
}

/**
 * A pool's padding including the extra rows and columns at the bottom and the right that its last windows
 * need where it rounds up. With this padding and no rounding the pool has the same output size; the extra
 * part never counts in an average.
 */
export function resolvedPadding(pool: Pool, input: Shape): Padding {
  const plane = planeOf(pool);
  return {
    ...pool.padding,
    bottom: pool.padding.bottom + overhang(vertical(plane, input)),
    right: pool.padding.right + overhang(horizontal(plane, input)),
  };
}
