import type { ElementOrder, Shape } from '../../../../network/graph';
import { shapeText, sizeOf } from '../../../../network/shapes';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { found } from '../json';

/** The value that a layer reshapes, and in which order its elements are counted. */
function sourceOf(call: LayerCall): { name: string; shape: Shape; order: ElementOrder } {
  const original = call.context.channelsFirst.get(call.input);
  if (original === undefined) return { name: call.input, shape: call.shape(), order: 'hwc' };
  return { name: original, shape: call.context.shapes.get(original)!, order: 'chw' };
}

/** Flatten. */
export function flatten(call: LayerCall): string {
  const { name, order } = sourceOf(call);
  if (call.text('data_format', 'channels_last') !== 'channels_last') cannot('it counts channels first.');
  return call.emit({ kind: 'flatten', order }, '', [name]);
}

/** Reshape to any axes; one extent may be left open as −1 or null. */
export function reshape(call: LayerCall): string {
  const { name, shape, order } = sourceOf(call);
  const target = targetShape(call, sizeOf(shape));
  if (target.length === 1) return call.emit({ kind: 'flatten', order }, '', [name]);
  const isVector = shape.length === 1;
  if (target.length === 3 && call.permutedNext && (isVector || order === 'chw')) {
    // [C, H, W] with a Permute to [H, W, C] behind it, which finds its work done.
    const [channels, height, width] = target as [number, number, number];
    const value = call.emit({ kind: 'reshape', shape: [height, width, channels], order: 'chw' }, '', [name]);
    call.context.channelsFirst.set(value, value);
    return value;
  }
  if (order === 'chw') cannot('it reads an image with its channels first.');
  return call.emit({ kind: 'reshape', shape: target, order: 'hwc' }, '', [name]);
}

function targetShape(call: LayerCall, all: number): Shape {
  const given = call.layer.config['target_shape'];
  const extents = Array.isArray(given)
    ? (given as unknown[])
    : cannot(`its target_shape is ${found(given)}.`);
  const known = extents.map((extent) => (extent === null ? -1 : extent));
  if (!known.every((extent) => Number.isInteger(extent) && (extent === -1 || (extent as number) > 0)))
    cannot(`its target_shape is ${found(given)}, expected whole numbers.`);
  const numbers = known as number[];
  const product = numbers.reduce((left, right) => (right === -1 ? left : left * right), 1);
  const shape = numbers.map((extent) => (extent === -1 ? all / product : extent));
  return sizeOf(shape) === all && shape.every(Number.isInteger)
    ? shape
    : cannot(`its target_shape is ${found(given)}, but there are ${all} values.`);
}

/** Permute: an order of counting for the Flatten or Reshape beside it, or no change at all. */
export function permute(call: LayerCall): string {
  const given = call.layer.config['dims'];
  const dims = Array.isArray(given) ? given.join() : found(given);
  const isReshaped = call.context.channelsFirst.get(call.input) === call.input;
  if (isReshaped && dims === '2,3,1') {
    call.context.channelsFirst.delete(call.input);
    return call.input;
  }
  const shape = call.shape();
  if (dims === shape.map((_, axis) => axis + 1).join())
    return call.emit({ kind: 'identity', origin: 'identity' });
  if (shape.length !== 3 || dims !== '3,1,2')
    cannot(`it reorders axes [${dims}]; the studio knows [3,1,2] before a Flatten or Reshape.`);
  const value = call.context.uniqueName(call.name);
  call.context.channelsFirst.set(value, call.input);
  return value;
}

/** Concatenate. */
export function concatenate(call: LayerCall): string {
  const axes = call.shape().length;
  const axis = call.number('axis', -1);
  const own = axis < 0 ? axes + axis : axis - 1;
  if (own < 0 || own >= axes) cannot(`it joins axis ${axis} of ${shapeText(call.shape())}.`);
  return call.emit({ kind: 'concat', axis: own });
}
