import type { Shape } from '../../../../network/graph';
import { sizeOf } from '../../../../network/shapes';
import { reshaped } from '../arrange';
import { fileExtents } from '../axes';
import { cannot } from '../context';
import { fromFront, OnnxNode, type NodeDraft } from '../node';
import type { Dimension } from '../tensors';

/** Flatten of everything but the batch. */
export function flatten(node: OnnxNode): NodeDraft {
  const view = node.view(0);
  const axis = fromFront(node.integer('axis', 1), view.axes.length + 1);
  if (axis !== 1) cannot(`it flattens from axis ${axis} on, expected all axes but the batch (axis 1).`);
  return reshaped(view, [sizeOf(node.extents(0))], node.context);
}

/** Reshape to a shape known when reading. */
export function reshape(node: OnnxNode): NodeDraft {
  const view = node.view(0);
  const target = node.constant(1);
  if (target?.kind !== 'integers') return cannot('its new shape is computed while running.');
  const extents = newExtents(node, target.elements);
  return reshaped(view, extents, node.context, staysPlain(node));
}

/** Whether whatever reads the value wants the file's order of axes: an image is then not turned around in vain. */
function staysPlain(node: OnnxNode): boolean {
  const readers = node.context.readersOf(node.output) ?? [];
  const wanting = ['Transpose', 'MatMul'];
  return readers.length > 0 && readers.every(({ operator }) => wanting.includes(operator ?? ''));
}

/** The new shape of one image, in the file's own order of axes. */
function newExtents(node: OnnxNode, elements: readonly Dimension[]): Shape {
  const { batch } = node.context;
  const [first, ...rest] = elements;
  const old = node.context.onnxShape(node.computed(0))!;
  const all = sizeOf(node.extents(0));
  const copied = (extent: Dimension, axis: number) =>
    extent === 0 && node.integer('allowzero', 0) === 0 ? old[axis] : extent;
  const extents = rest.map((extent, axis) => copied(extent, axis + 1));
  if (!extents.every((extent) => typeof extent === 'number'))
    return cannot('its new shape mixes the batch with other axes.');
  const open = extents.indexOf(-1);
  const known = extents.reduce((product, extent, axis) => (axis === open ? product : product * extent), 1);
  // Without an open axis the rest says how much one image has, whatever the batch was when it was exported.
  const isWhole = open < 0 && known === all;
  const keepsBatch = first === 'batch' || first === 0 || first === batch || isWhole;
  if (!keepsBatch || !isDivisor(known, all) || (open < 0 && known !== all)) {
    return cannot(`its new shape [${elements.join(', ')}] does not keep images apart.`);
  }
  return extents.map((extent, axis) => (axis === open ? all / known : extent));
}

function isDivisor(part: number, all: number): boolean {
  return part > 0 && all % part === 0;
}

/** Transpose: the value stays where it is and is seen in another order until an operator needs that one. */
export function transpose(node: OnnxNode): null {
  const { value, axes } = node.view(0);
  const rank = axes.length + 1;
  const order = node.integers('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (order.length !== rank || order[0] !== 0)
    cannot(`it reorders axes [${order.join(', ')}], expected the batch (axis 0) to stay in front.`);
  node.context.views.set(node.output, { value, axes: order.slice(1).map((axis) => axes[axis - 1]!) });
  return null;
}

/** Squeeze: axes of one value are no longer counted. */
export function squeeze(node: OnnxNode): NodeDraft | null {
  const view = node.view(0);
  const extents = fileExtents(view, node.context.shapes);
  const rank = extents.length + 1;
  const gone = node.axes(13)?.map((axis) => fromFront(axis, rank));
  const isGone = (axis: number) => (gone ? gone.includes(axis + 1) : extents[axis] === 1);
  const wrong = extents.find((extent, axis) => isGone(axis) && extent !== 1);
  if (wrong !== undefined || gone?.includes(0))
    cannot(
      `it removes axis ${gone?.join(', ') ?? ''} of ${extents.join('×')}, which is more than one value.`,
    );
  const axes = view.axes.filter((_, axis) => !isGone(axis));
  if (axes.length === 1)
    return reshaped(
      view,
      extents.filter((_, axis) => !isGone(axis)),
      node.context,
    );
  node.context.views.set(node.output, { value: view.value, axes });
  return null;
}

/** Unsqueeze: axes of one value, which our value may have already; exporters also write one node for each. */
export function unsqueeze(node: OnnxNode): NodeDraft | null {
  const view = node.view(0);
  const { context } = node;
  const extents = fileExtents(view, context.shapes);
  const steps = stepsOf(node);
  const grown = steps.reduce<readonly (number | null)[]>(
    (places, axes) => inserted(places, axes),
    extents.map((_, axis) => axis),
  );
  const last = steps.at(-1)!.node;
  const spare = context.shapes
    .get(view.value)!
    .flatMap((_, axis) => (view.axes.includes(axis) ? [] : [axis]));
  if (grown.filter((place) => place === null).length <= spare.length) {
    const axes = grown.map((place) => (place === null ? spare.shift()! : view.axes[place]!));
    context.views.set(last.output, { value: view.value, axes });
    return null;
  }
  const target = grown.map((place) => (place === null ? 1 : extents[place]!));
  return { ...reshaped(view, target, context), output: last.output };
}

interface Step {
  readonly node: OnnxNode;
  readonly axes: readonly number[];
}

/** The node and those behind it that alone go on inserting axes; they become part of it. */
function stepsOf(node: OnnxNode): readonly Step[] {
  const axes = node.axes(13) ?? cannot('its axes are missing.');
  const next = node.context.onlyReader(node.output);
  if (next?.operator !== node.proto.operator || !next) return [{ node, axes }];
  node.context.absorbed.add(next);
  return [{ node, axes }, ...stepsOf(new OnnxNode(next, node.context))];
}

/** Places with null where an axis was inserted; the batch is not among them. */
function inserted(places: readonly (number | null)[], { axes }: Step): readonly (number | null)[] {
  const rank = places.length + 1 + axes.length;
  const all: (number | null)[] = [-1, ...places];
  for (const axis of axes.map((given) => fromFront(given, rank)).sort((a, b) => a - b)) {
    if (axis < 1 || axis > all.length) cannot(`it inserts axis ${axis} in front of or beyond a value's own.`);
    all.splice(axis, 0, null);
  }
  return all.slice(1);
}
