import type { Shape } from '../../../../network/graph';
import { shapeText } from '../../../../network/shapes';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { found, isObject } from '../json';

/** Rows and columns that a layer takes away: one number, one for each axis, or before and behind for each axis. */
function sidesOf(value: unknown): readonly (readonly [number, number])[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const pairs = list.map((part) => (Array.isArray(part) ? (part as unknown[]) : [part, part]));
  const isWhole = (side: unknown) => Number.isInteger(side) && (side as number) >= 0;
  if (pairs.length !== 2 || !pairs.every((pair) => pair.length === 2 && pair.every(isWhole)))
    return cannot(`its cropping is ${found(value)}, expected whole numbers from 0 up.`);
  return pairs as unknown as readonly (readonly [number, number])[];
}

/** Cropping2D. */
export function cropping(call: LayerCall): string {
  const shape = call.imageShape();
  const parts = sidesOf(call.setting('cropping') ?? 0).map(([before, behind], axis) => ({
    ...{ axis, start: before, end: shape[axis]! - behind, step: 1 },
  }));
  return sliced(call, shape, parts);
}

interface Part {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Slices one axis after the other; axes that are kept whole have no node. */
function sliced(call: LayerCall, shape: Shape, parts: readonly Part[]): string {
  const cut = parts.filter(({ axis, start, end, step }) => start !== 0 || end !== shape[axis] || step !== 1);
  if (cut.length === 0) return call.emit({ kind: 'identity', origin: 'identity' });
  return cut.reduce((value, part, index) => {
    const suffix = index === cut.length - 1 ? '' : `axis${part.axis}`;
    return call.emit({ kind: 'slice', ...part }, suffix, [value]);
  }, call.input);
}

/** `x[:, 1:, ::2, 0]`: slices, and single elements, whose axes go. */
export function indexed(call: LayerCall): string {
  const shape = call.shape();
  const given = call.spec.settings['slice_spec'] ?? valuesOf(call);
  const items = spread(given, shape.length + 1);
  const [batch, ...rest] = items;
  if (!isWhole(batch)) cannot(`its index is ${found(given)}, which does not keep images apart.`);
  const gone: number[] = [];
  const parts = rest.map((item, axis): Part => {
    if (typeof item === 'number') gone.push(axis);
    return partOf(item, axis, shape[axis]!);
  });
  const cut = sliced(call, shape, parts);
  if (gone.length === 0) return cut;
  const left = parts
    .map(({ start, end, step }) => Math.ceil((end - start) / step))
    .filter((_, axis) => !gone.includes(axis));
  return call.emit({ kind: 'reshape', shape: left, order: 'hwc' }, 'squeezed', [cut]);
}

/** Values among the arguments, those of a list one by one. */
function valuesOf(call: LayerCall): readonly unknown[] {
  return call.operands.flatMap((operand) => (typeof operand === 'string' ? [] : [operand.value].flat()));
}

/** One item an axis: an ellipsis stands for as many as are missing, and so does nothing at the end. */
function spread(given: unknown, axes: number): readonly unknown[] {
  const items = Array.isArray(given) ? (given as unknown[]) : [given];
  const isEllipsis = (item: unknown) =>
    item === 'Ellipsis' || item === '...' || (isObject(item) && /ellipsis/i.test(String(item['class_name'])));
  const at = items.findIndex(isEllipsis);
  const missing = Array<unknown>(Math.max(0, axes - items.length + (at < 0 ? 0 : 1))).fill({});
  if (items.length - (at < 0 ? 0 : 1) > axes) cannot(`its index is ${found(given)}, longer than its axes.`);
  return at < 0 ? [...items, ...missing] : [...items.slice(0, at), ...missing, ...items.slice(at + 1)];
}

function boundsOf(item: unknown): readonly unknown[] {
  if (!isObject(item)) return cannot(`it picks ${found(item)}, expected slices and whole numbers.`);
  const { start, stop, step } = isObject(item['config']) ? item['config'] : item;
  return [start ?? null, stop ?? null, step ?? 1];
}

function isWhole(item: unknown): boolean {
  if (typeof item === 'number') return false;
  const [start, stop, step] = boundsOf(item);
  return (start === null || start === 0) && stop === null && step === 1;
}

function partOf(item: unknown, axis: number, extent: number): Part {
  const fromFront = (index: number) => (index < 0 ? index + extent : index);
  if (typeof item === 'number') return { axis, start: fromFront(item), end: fromFront(item) + 1, step: 1 };
  const [start, stop, step] = boundsOf(item);
  if (!Number.isInteger(step) || (step as number) < 1) cannot(`it picks with a step of ${found(step)}.`);
  const bound = (value: unknown, defaults: number) =>
    value === null ? defaults : Math.min(extent, Math.max(0, fromFront(Number(value))));
  return { axis, start: bound(start, 0), end: bound(stop, extent), step: step as number };
}

/** transpose: an order of all axes, the batch among them. */
export function transposed(call: LayerCall): string {
  const given = call.setting('perm') ?? call.setting('axes') ?? valuesOf(call);
  const axes = [given].flat();
  const shape = call.shape();
  const [batch, ...permutation] = axes.map((axis) => Number(axis) - 1);
  if (batch !== -1 || permutation.length !== shape.length)
    return cannot(
      `its order of axes is ${found(given)}, expected that of ${shapeText(shape)} behind the batch.`,
    );
  return call.emit({ kind: 'transpose', permutation });
}
