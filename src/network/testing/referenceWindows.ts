import type { Conv2d, Pool } from '../graph';
import type { Value } from './referenceLayout';
import { greatest } from '../../linalg/extremes';

interface Axis {
  readonly input: number;
  readonly before: number;
  readonly after: number;
  /** From the first tap of the window to the last, both included. */
  readonly span: number;
  readonly stride: number;
  readonly roundUp: boolean;
}

/** First tap of every window position, in coordinates of the unpadded input, found by sliding. */
function starts({ input, before, after, span, stride, roundUp }: Axis): number[] {
  const found: number[] = [];
  const end = input + after;
  for (let start = -before; ; start += stride) {
    const fits = start + span <= end;
    const somethingIsLeft = start - stride + span < end;
    if (!fits && !(roundUp && somethingIsLeft && start < input)) return found;
    found.push(start);
  }
}

/** Value of a pixel, or null outside of the image. */
function pixel(x: Value, row: number, column: number, channel: number): number | null {
  const [height, width, channels] = x.shape;
  if (row < 0 || row >= height || column < 0 || column >= width) return null;
  return x.data[(row * width + column) * channels + channel];
}

function slide(
  rows: number[],
  columns: number[],
  channels: number,
  at: (row: number, column: number, c: number) => number,
): Value {
  const data = new Float64Array(rows.length * columns.length * channels);
  let index = 0;
  for (const row of rows)
    for (const column of columns) for (let c = 0; c < channels; c++) data[index++] = at(row, column, c);
  return { shape: [rows.length, columns.length, channels], data };
}

/** Convolution by its definition: output channel o of group o / (O / g) sees that group's input channels only. */
export function referenceConvolution(operator: Conv2d, x: Value): Value {
  const { kernel, bias, stride, dilation, padding, groups } = operator;
  const [kernelHeight, kernelWidth, groupInputs, outputs] = kernel.shape;
  const spanHeight = (kernelHeight - 1) * dilation.height + 1;
  const spanWidth = (kernelWidth - 1) * dilation.width + 1;
  const rows = starts({
    input: x.shape[0],
    before: padding.top,
    after: padding.bottom,
    span: spanHeight,
    stride: stride.height,
    roundUp: false,
  });
  const columns = starts({
    input: x.shape[1],
    before: padding.left,
    after: padding.right,
    span: spanWidth,
    stride: stride.width,
    roundUp: false,
  });
  return slide(rows, columns, outputs, (row, column, o) => {
    const firstInput = Math.floor(o / (outputs / groups)) * groupInputs;
    let sum = bias ? bias[o] : 0;
    for (let h = 0; h < kernelHeight; h++) {
      for (let w = 0; w < kernelWidth; w++) {
        for (let i = 0; i < groupInputs; i++) {
          const value = pixel(x, row + h * dilation.height, column + w * dilation.width, firstInput + i) ?? 0;
          sum += value * kernel.data[((h * kernelWidth + w) * groupInputs + i) * outputs + o];
        }
      }
    }
    return sum;
  });
}

/** Slides a pool's window and hands each position's pixels inside the image to `reduce`. */
function slidePool(operator: Pool, x: Value, reduce: (inside: number[], positions: number) => number): Value {
  const { window, stride, padding, roundUp } = operator;
  const [height, width, channels] = x.shape;
  const rows = starts({
    input: height,
    before: padding.top,
    after: padding.bottom,
    span: window.height,
    stride: stride.height,
    roundUp,
  });
  const columns = starts({
    input: width,
    before: padding.left,
    after: padding.right,
    span: window.width,
    stride: stride.width,
    roundUp,
  });
  return slide(rows, columns, channels, (row, column, c) => {
    const inside: number[] = [];
    let positions = 0;
    for (let r = row; r < Math.min(row + window.height, height + padding.bottom); r++) {
      for (let q = column; q < Math.min(column + window.width, width + padding.right); q++) {
        positions++;
        const value = pixel(x, r, q, c);
        if (value !== null) inside.push(value);
      }
    }
    return reduce(inside, positions);
  });
}

/** Greatest value of each window; padding never wins. */
export function referenceMaxPool(operator: Pool, x: Value): Value {
  return slidePool(operator, x, (inside) => greatest(inside));
}

/** Mean of each window; padding counts where `includePadding`, what is there for rounding up only never does. */
export function referenceAveragePool(operator: Pool, x: Value): Value {
  return slidePool(operator, x, (inside, positions) => {
    const sum = inside.reduce((a, b) => a + b, 0);
    return sum / (operator.includePadding ? positions : inside.length);
  });
}
