import type { ElementOrder, Shape } from '../../../../network/graph';
import { shapeText, sizeOf } from '../../../../network/shapes';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { found, numberIn } from '../json';

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
  return reshapeTo(call, call.layer.config['target_shape']);
}

function reshapeTo(call: LayerCall, given: unknown): string {
  const { name, shape, order } = sourceOf(call);
  const target = targetShape(given, sizeOf(shape));
  if (target.length === 1) return call.emit({ kind: 'flatten', order }, '', [name]);
  if (target.length !== 3) return call.emit({ kind: 'reshape', shape: target, order }, '', [name]);
  if (call.permutedNext && (shape.length === 1 || order === 'chw')) {
    // [C, H, W] with a Permute to [H, W, C] behind it, which finds its work done.
    const [channels, height, width] = target as [number, number, number];
    const value = call.emit({ kind: 'reshape', shape: [height, width, channels], order: 'chw' }, '', [name]);
    call.context.channelsFirst.set(value, value);
    return value;
  }
  const source = call.context.settled(call.input);
  return call.emit({ kind: 'reshape', shape: target, order: 'hwc' }, '', [source]);
}

/** The function reshape, whose new shape counts the batch, which must stay apart. */
export function reshapeFunction(call: LayerCall): string {
  const written = call.operands.flatMap((operand) => (typeof operand === 'string' ? [] : [operand.value]));
  const given = call.setting('shape') ?? call.setting('newshape') ?? written.flat();
  const [batch, ...rest] = Array.isArray(given) ? (given as unknown[]) : [];
  const isBatch = batch === -1 || batch === null || batch === 1;
  if (!isBatch || (batch === -1 && rest.includes(-1)))
    cannot(`its new shape is ${found(given)}, which does not keep images apart.`);
  return reshapeTo(call, rest);
}

/** expand_dims: one more axis of 1, none before the batch. */
export function expandAxes(call: LayerCall): string {
  const shape = call.shape();
  const given = call.setting('axis') ?? writtenValue(call);
  const axis = typeof given === 'number' ? (given < 0 ? given + shape.length + 1 : given - 1) : NaN;
  if (!(axis >= 0 && axis <= shape.length)) cannot(`its new axis is ${found(given)}.`);
  return call.emit({
    kind: 'reshape',
    shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)],
    order: 'hwc',
  });
}

/** squeeze: axes of 1 go. */
export function squeeze(call: LayerCall): string {
  const shape = call.shape();
  const given = call.setting('axis') ?? writtenValue(call) ?? [];
  const axes = [given]
    .flat()
    .map((axis) => (Number(axis) < 0 ? Number(axis) + shape.length : Number(axis) - 1));
  const gone = axes.length > 0 ? axes : [...shape.keys()].filter((axis) => shape[axis] === 1);
  if (gone.some((axis) => shape[axis] !== 1))
    cannot(`it takes the axes ${found(given)} of ${shapeText(shape)} away.`);
  const left = shape.filter((_, axis) => !gone.includes(axis));
  if (left.length === 1) return call.emit({ kind: 'flatten', order: 'hwc' });
  return call.emit({ kind: 'reshape', shape: left, order: 'hwc' });
}

function writtenValue(call: LayerCall): unknown {
  const written = call.operands.find((operand) => typeof operand !== 'string');
  return typeof written === 'object' ? written.value : undefined;
}

function targetShape(given: unknown, all: number): Shape {
  const extents = Array.isArray(given) ? (given as unknown[]) : cannot(`its new shape is ${found(given)}.`);
  const known = extents.map((extent) => (extent === null ? -1 : extent));
  if (!known.every((extent) => Number.isInteger(extent) && (extent === -1 || (extent as number) > 0)))
    cannot(`its new shape is ${found(given)}, expected whole numbers.`);
  const numbers = known as number[];
  const product = numbers.reduce((left, right) => (right === -1 ? left : left * right), 1);
  const shape = numbers.map((extent) => (extent === -1 ? all / product : extent));
  return sizeOf(shape) === all && shape.every(Number.isInteger)
    ? shape
    : cannot(`its new shape is ${found(given)}, but there are ${all} values.`);
}

/** Permute: an order of counting for the Flatten or Reshape beside it, else a reordering of axes. */
export function permute(call: LayerCall): string {
  const given = call.layer.config['dims'];
  const dims = Array.isArray(given) ? given.join() : found(given);
  if (call.context.channelsFirst.get(call.input) === call.input && dims === '2,3,1') {
    call.context.channelsFirst.delete(call.input);
    return call.input;
  }
  const source = call.context.settled(call.input);
  const shape = call.context.shapes.get(source) ?? cannot('the shape of its input is not known.');
  if (dims === shape.map((_, axis) => axis + 1).join())
    return call.emit({ kind: 'identity', origin: 'identity' }, '', [source]);
  if (shape.length === 3 && dims === '3,1,2') {
    const value = call.context.uniqueName(call.name);
    call.context.channelsFirst.set(value, source);
    return value;
  }
  const permutation = dims.split(',').map((axis) => Number(axis) - 1);
  return call.emit({ kind: 'transpose', permutation }, '', [source]);
}

/** Concatenate, also as a function whose axis is an argument. */
export function concatenate(call: LayerCall): string {
  const { axes } = call;
  const axis = numberIn(writtenValue(call)) ?? call.number('axis', -1);
  const inner = axis < 0 ? axes + axis : axis - 1;
  // Of a row of an image the height stands in front.
  const own = inner < 0 ? inner : inner + call.shape().length - axes;
  if (own < 0 || inner >= axes) cannot(`it joins axis ${axis} of ${shapeText(call.shape())}.`);
  return call.emit({ kind: 'concat', axis: own });
}
