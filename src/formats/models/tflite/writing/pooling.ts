import type { Extent, GraphNode, Padding, Pool, Shape } from '../../../../network/graph';
import { resolvedPadding } from '../../../../network/window';
import { samePadding } from '../../layers/call';
import {
  ActivationFunctionType,
  BuiltinOperator,
  BuiltinOptions,
  Padding as PaddingMode,
  Pool2DOptionsT,
} from '../generated/tflite';
import { combine } from './combining';
import type { Step, WriteContext } from './context';
import { isNoPadding, isSamePadding, padded } from './padding';

const one: Extent = { height: 1, width: 1 };
/** The least number that float32 has: nothing is less, so that padding with it never is a maximum. */
const least = -3.4028234663852886e38;

/**
 * MAX_POOL_2D or AVERAGE_POOL_2D, whose averages leave the padding out. Padding that is not TensorFlow's "same" goes
 * before it; an average is then corrected by how many values each of its windows counts.
 */
export function writePool(node: GraphNode, operator: Pool, context: WriteContext): Step {
  const read = context.first(node);
  const padding = resolvedPadding(operator, read.shape);
  const isSame = isSamePadding(padding, samePadding(read.shape, operator.window, operator.stride, one));
  const isAverage = operator.reduce === 'average';
  if (isNoPadding(padding)) return pooled(node, operator, read, PaddingMode.VALID, context);
  if (isSame && !(isAverage && operator.includePadding))
    return pooled(node, operator, read, PaddingMode.SAME, context);
  const step = padded(node, read, padding, context, isAverage ? 0 : least);
  if (!isAverage) return pooled(node, operator, step, PaddingMode.VALID, context);
  const shape = context.shape(node.output);
  const shares = sharesOf(operator, read.shape, shape);
  if (shares.every((share) => share === 1)) return pooled(node, operator, step, PaddingMode.VALID, context);
  const sums = pooled(node, operator, step, PaddingMode.VALID, context, 'padded');
  const [height = 1, width = 1] = shape;
  return combine(node, 'multiply', sums, context.floats(node, 'shares', [height, width, 1], shares), context);
}

function pooled(
  node: GraphNode,
  { reduce, window, stride }: Pool,
  { tensor }: Step,
  mode: PaddingMode,
  context: WriteContext,
  part?: string,
): Step {
  const code = reduce === 'max' ? BuiltinOperator.MAX_POOL_2D : BuiltinOperator.AVERAGE_POOL_2D;
  const none = ActivationFunctionType.NONE;
  return context.add(node, code, [tensor], {
    ...{ shape: context.shape(node.output), type: BuiltinOptions.Pool2DOptions },
    options: new Pool2DOptionsT(mode, stride.width, stride.height, window.width, window.height, none),
    ...(part === undefined ? {} : { part }),
  });
}

/** Per place of the output, the window's values over those of them that count. */
function sharesOf(
  operator: Pool,
  [height = 1, width = 1]: Shape,
  [rows = 1, columns = 1]: Shape,
): Float32Array {
  const { window, stride, padding, includePadding } = operator;
  const counted: Padding = includePadding ? padding : { top: 0, bottom: 0, left: 0, right: 0 };
  const along = (place: number, taps: number, by: number, before: number, from: number, to: number) => {
    const start = place * by - before;
    return Math.min(start + taps, to) - Math.max(start, from);
  };
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const high = along(row, window.height, stride.height, padding.top, -counted.top, height + counted.bottom);
    const wide = along(
      column,
      window.width,
      stride.width,
      padding.left,
      -counted.left,
      width + counted.right,
    );
    return (window.height * window.width) / (high * wide);
  });
}
