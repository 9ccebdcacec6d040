import type { Padding, Reduce as Reduction } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { found } from '../json';

type Reduce = 'max' | 'average';
const one = { height: 1, width: 1 };

/** MaxPooling2D and AveragePooling2D; averages leave the padding out. */
export function pool(reduce: Reduce) {
  return (call: LayerCall): string => {
    call.imageShape();
    const window = call.extent('pool_size', { height: 2, width: 2 });
    const stride = call.extent('strides', window);
    const padding = call.windowPadding(window, stride, one);
    return call.emit({
      kind: 'pool',
      reduce,
      window,
      stride,
      padding,
      roundUp: false,
      includePadding: false,
    });
  };
}

/** GlobalMaxPooling2D and GlobalAveragePooling2D. */
export function globalPool(reduce: Reduce) {
  return (call: LayerCall): string => {
    call.imageShape();
    return call.emit({ kind: 'globalPool', reduce, keepDimensions: call.flag('keepdims', false) });
  };
}

/** ZeroPadding2D. */
export function zeroPadding(call: LayerCall): string {
  call.imageShape();
  return call.emit({ kind: 'pad', padding: sides(call.layer.config['padding'] ?? 1), value: 0 });
}

/** Padding given as one number, as two, or as two pairs. */
function sides(value: unknown): Padding {
  const pair = (part: unknown): readonly unknown[] =>
    Array.isArray(part) ? (part as unknown[]) : [part, part];
  const [[top, bottom], [left, right]] = pair(value).map(pair) as [readonly unknown[], readonly unknown[]];
  if ([top, bottom, left, right].every((side) => Number.isInteger(side) && (side as number) >= 0))
    return { top, bottom, left, right } as Padding;
  return cannot(`its padding is ${found(value)}, expected whole numbers from 0 up.`);
}

/** Functions such as reduce_mean, over some axes or all but the batch. */
export function reduction(name: Reduction['function']) {
  return (call: LayerCall): string => {
    const axes = reducedAxes(call);
    const keepDimensions = call.flag('keepdims', false);
    const isSpatial = call.shape().length === 3 && axes.join() === '0,1';
    if (isSpatial && (name === 'mean' || name === 'max'))
      return call.emit({ kind: 'globalPool', reduce: name === 'max' ? 'max' : 'average', keepDimensions });
    return call.emit({ kind: 'reduce', function: name, axes, keepDimensions });
  };
}

function reducedAxes(call: LayerCall): readonly number[] {
  const rank = call.shape().length;
  const written = call.operands.find((operand) => typeof operand !== 'string');
  const given = call.setting('axis') ?? (typeof written === 'object' ? written.value : null);
  if (given === null) return cannot('it reduces the batch as well; give it the axes behind the batch.');
  const axes = [given].flat().map((axis) => (Number(axis) < 0 ? Number(axis) + rank : Number(axis) - 1));
  if (axes.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= rank))
    cannot(`it reduces the axes ${found(given)}, expected axes behind the batch.`);
  return axes.toSorted((a, b) => a - b);
}
