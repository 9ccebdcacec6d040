import type { Reduce, Shape } from '../../../../network/graph';
import { shapeText, sizeOf } from '../../../../network/shapes';
import { cannot } from '../../onnx/context';
import { spatialPadding, type GraphCall } from './call';
import type { Extent } from './context';

/** MaxPool and AvgPool; averages leave the padding out. */
export function pool(reduce: 'max' | 'average') {
  return (call: GraphCall): string => {
    call.requireChannelsLast();
    const window = call.pair('ksize');
    const stride = call.pair('strides');
    const padding = call.padding(window, stride);
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

/** Mean, Max, Min and Sum over axes behind the batch. */
export function reduction(name: Reduce['function']) {
  return (call: GraphCall): string => {
    const rank = call.shape().length;
    const given = call.integers(1, 'axes');
    const axes = given.map((axis) => (axis < 0 ? axis + rank : axis - 1)).toSorted((a, b) => a - b);
    if (axes.some((axis) => axis < 0 || axis >= rank))
      cannot(`it works over the axes [${given.join(', ')}], expected axes behind the batch.`);
    const keepDimensions = call.node.flag('keep_dims', false);
    const isSpatial = rank === 3 && axes.join() === '0,1';
    if (isSpatial && (name === 'mean' || name === 'max'))
      return call.emit({ kind: 'globalPool', reduce: name === 'max' ? 'max' : 'average', keepDimensions });
    return call.emit({ kind: 'reduce', function: name, axes, keepDimensions });
  };
}

/** Pad and PadV2 of height, width and channels with a constant. */
export function pad(call: GraphCall): string {
  call.imageShape();
  const pads = call.integers(1, 'paddings');
  const [before = 0, after = 0] = pads.slice(6);
  const areChannels = pads.length === 8 && Math.min(before, after) >= 0 && before + after > 0;
  const padding = spatialPadding(areChannels ? [...pads.slice(0, 6), 0, 0] : pads, 'paddings');
  const value = call.node.inputs.length > 2 ? call.weights(2, 'value').data[0]! : 0;
  const channels = areChannels ? { channels: { before, after } } : {};
  return call.emit({ kind: 'pad', padding, ...channels, value });
}

/** ConcatV2 of computed values along any axis but the batch. */
export function concatenation(call: GraphCall): string {
  const count = call.node.inputs.length - 1;
  const inputs = Array.from({ length: count }, (_, index) => call.data(index));
  const axes = call.shape().length + 1;
  const [given = 0] = call.integers(count, 'axis');
  const axis = given < 0 ? given + axes : given;
  if (axis < 1 || axis >= axes) cannot(`it joins along axis ${given}, expected one behind the batch.`);
  return call.emit({ kind: 'concat', axis: axis - 1 }, inputs);
}

/** Reshape to any axes. */
export function reshape(call: GraphCall): string {
  const shape = call.shape();
  const target = perImage(extentsAt(call, 1, 'new shape'), shape, call.context.batch);
  return reshaped(call, target);
}

/** Extents that an input lists, constant or worked out. */
export function extentsAt(call: GraphCall, index: number, what: string): readonly Extent[] {
  const name = call.node.inputs[index] ?? '';
  const worked = call.context.extents.get(call.context.resolve(name));
  if (worked) return worked;
  return call.isConstant(index)
    ? call.integers(index, what)
    : cannot(`its ${what} is computed while running.`);
}

/** The new shape of one image; the batch must stay apart. */
function perImage([first, ...rest]: readonly Extent[], shape: Shape, batch: number | null): Shape {
  const extents = rest.map((extent) =>
    typeof extent === 'number' ? extent : cannot('its new shape mixes the batch with other axes.'),
  );
  const all = sizeOf(shape);
  const known = extents.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  const filled = extents.map((extent) => (extent === -1 ? all / known : extent));
  const keepsBatch = first === 'batch' || first === -1 || first === batch;
  const isWhole = filled.every((extent) => Number.isInteger(extent));
  if (!keepsBatch || !isWhole || sizeOf(filled) !== all)
    cannot(`its new shape [${[first, ...rest].join(', ')}] does not keep images apart.`);
  return filled;
}

/** Pack of computed values: joined along a new axis. */
export function stack(call: GraphCall): string {
  const shape = call.shape();
  const given = call.node.number('axis', 0);
  const axis = given < 0 ? given + shape.length + 1 : given - 1;
  if (axis < 0 || axis > shape.length) cannot(`its new axis is ${given}, expected one behind the batch.`);
  const wide = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
  const parts = call.node.inputs.map((_, index) =>
    call.emit({ kind: 'reshape', shape: wide, order: 'hwc' }, [call.data(index)], `part${index + 1}`),
  );
  return call.emit({ kind: 'concat', axis }, parts);
}

/** Squeeze of axes that are 1, all of them where none are named; the batch stays. */
export function squeeze(call: GraphCall): string {
  const shape = call.shape();
  const given = call.node.integers('squeeze_dims');
  const axes = given.map((axis) => (axis < 0 ? axis + shape.length : axis - 1));
  const gone = given.length > 0 ? axes : [...shape.keys()].filter((axis) => shape[axis] === 1);
  if (gone.some((axis) => shape[axis] !== 1))
    cannot(`it takes the axes [${given.join(', ')}] of ${shapeText(shape)} away, expected axes of 1.`);
  return reshaped(
    call,
    shape.filter((_, axis) => !gone.includes(axis)),
  );
}

/** ExpandDims: one more axis of 1. */
export function expandAxes(call: GraphCall): string {
  const shape = call.shape();
  const [given = 0] = call.integers(1, 'axis');
  const axis = given < 0 ? given + shape.length + 1 : given - 1;
  if (axis < 0 || axis > shape.length) cannot(`its new axis is ${given}, expected one behind the batch.`);
  return reshaped(call, [...shape.slice(0, axis), 1, ...shape.slice(axis)]);
}

/** The same values in the same order with other axes. */
function reshaped(call: GraphCall, shape: Shape): string {
  if (shape.join() === call.shape().join()) return passOn(call);
  if (shape.length === 1) return call.emit({ kind: 'flatten', order: 'hwc' });
  return call.emit({ kind: 'reshape', shape, order: 'hwc' });
}

/** Identity and the like: the value, computed or constant, under another name. */
export function passOn(call: GraphCall): string {
  return call.isConstant(0) ? call.context.resolve(call.node.inputs[0]!) : call.data();
}
