import type { ElementOrder, Operator, Shape } from '../../../../network/graph';
import { sizeOf } from '../../../../network/shapes';
import { cannot, channelsToLast } from '../context';
import { fromFront, OnnxNode, type NodeDraft } from '../node';
import type { NodeProto } from '../schema';
import type { Dimension } from '../tensors';

/** The value that a node turns into another shape, and in which order its elements are counted. */
interface Source {
  readonly name: string;
  readonly shape: Shape;
  readonly order: ElementOrder;
}

function sourceOf(node: OnnxNode): Source {
  const original = node.context.channelsLast.get(node.inputName(0) ?? '');
  if (original === undefined) return { name: node.data(0), shape: node.shape(0), order: 'chw' };
  return { name: original, shape: node.context.shapes.get(original)!, order: 'hwc' };
}

/** Flatten of everything but the batch. */
export function flatten(node: OnnxNode): NodeDraft {
  const { name, shape, order } = sourceOf(node);
  const axis = fromFront(node.integer('axis', 1), shape.length + 1);
  if (axis !== 1) cannot(`it flattens from axis ${axis} on, expected all axes but the batch (axis 1).`);
  return node.draft({ kind: 'flatten', order }, [name]);
}

/** Reshape to a shape known when reading: a vector, or an image. */
export function reshape(node: OnnxNode): NodeDraft | null {
  const source = sourceOf(node);
  const target = node.constant(1);
  if (target?.kind !== 'integers') return cannot('its new shape is computed while running.');
  const extents = imageExtents(node, source, target.elements);
  if (extents.length === 1) return node.draft({ kind: 'flatten', order: source.order }, [source.name]);
  if (extents.length !== 3) return cannot(`its new shape has ${extents.length + 1} axes, expected 2 or 4.`);
  return toImage(node, source, extents);
}

/** The new shape of one image, in the file's own order of axes. */
function imageExtents(node: OnnxNode, { name, shape, order }: Source, elements: readonly Dimension[]): Shape {
  const { batch } = node.context;
  const [first, ...rest] = elements;
  const old = order === 'hwc' ? [batch, ...shape] : node.context.onnxShape(name)!;
  const copied = (extent: Dimension, axis: number) =>
    extent === 0 && node.integer('allowzero', 0) === 0 ? old[axis] : extent;
  const extents = rest.map((extent, axis) => copied(extent, axis + 1));
  if (!extents.every((extent) => typeof extent === 'number'))
    return cannot('its new shape mixes the batch with other axes.');
  const open = extents.indexOf(-1);
  const known = extents.reduce((product, extent, axis) => (axis === open ? product : product * extent), 1);
  const all = sizeOf(shape);
  const keepsBatch =
    first === 'batch' || first === 0 || first === batch || (first === -1 && open < 0 && known === all);
  if (!keepsBatch || !isDivisor(known, all) || (open < 0 && known !== all)) {
    return cannot(`its new shape [${elements.join(', ')}] does not keep images apart.`);
  }
  return extents.map((extent, axis) => (axis === open ? all / known : extent));
}

function isDivisor(part: number, all: number): boolean {
  return part > 0 && all % part === 0;
}

/** A reshape to [N, C, H, W], or to [N, H, W, C] followed by the transposition that makes it one. */
function toImage(node: OnnxNode, source: Source, extents: Shape): NodeDraft {
  const next = node.context.onlyReader(node.output);
  const isTransposedNext = next?.operator === 'Transpose' && permutation(next) === toFirst;
  const isVector = source.shape.length === 1;
  if (next && isTransposedNext && (isVector || source.order === 'hwc')) {
    node.context.absorbed.add(next);
    const reshaped = node.draft({ kind: 'reshape', shape: extents, order: 'hwc' }, [source.name]);
    return { ...reshaped, output: next.outputs[0] ?? '' };
  }
  if (source.order === 'hwc') cannot('it reads a transposed image.');
  return node.draft({ kind: 'reshape', shape: channelsToLast(extents), order: 'chw' }, [source.name]);
}

const toLast = '0,2,3,1';
const toFirst = '0,3,1,2';

function permutation(proto: NodeProto): string {
  return proto.attributes.find(({ name }) => name === 'perm')?.integers.join() ?? '';
}

/** Transpose to channels last before a Flatten or Reshape is an order of counting, not a node. */
export function transpose(node: OnnxNode): null {
  node.imageShape(0);
  const found = permutation(node.proto);
  const readers = node.context.readersOf(node.output);
  const isBeforeReshape = readers?.every(({ operator }) => operator === 'Flatten' || operator === 'Reshape');
  if (found !== toLast || !isBeforeReshape)
    cannot(`it reorders axes [${found}]; only [${toLast}] before a Flatten or Reshape is known.`);
  node.context.channelsLast.set(node.output, node.data(0));
  return null;
}

/** Squeeze of a 1 × 1 image to a vector, in one node or in two. */
export function squeeze(node: OnnxNode): NodeDraft {
  const [height, width] = node.imageShape(0);
  const steps = inSteps(node, (axis, step) => fromFront(axis, 4 - step));
  // The second of two nodes finds its axis one place further to the front or where it was: both are 2.
  const isSpatial =
    steps.axes === null ||
    [...steps.axes].sort().join() === '2,3' ||
    (steps.count === 2 && steps.axes[1] === 2);
  if (height !== 1 || width !== 1 || !isSpatial) cannot('it is known only for height and width of 1.');
  return finish(node, steps, { kind: 'flatten', order: 'chw' });
}

/** Unsqueeze of a vector to a 1 × 1 image, in one node or in two. */
export function unsqueeze(node: OnnxNode): NodeDraft {
  const [features, ...more] = node.shape(0);
  const steps = inSteps(node, (axis, step, count) => fromFront(axis, count === 1 ? 4 : 3 + step));
  const [first, second] = steps.axes ?? [];
  const isSpatial =
    steps.count === 1
      ? [first, second].sort().join() === '2,3'
      : first === 2 && (second === 2 || second === 3);
  if (features === undefined || more.length > 0 || !isSpatial)
    cannot('it is known only for a vector that gets height and width.');
  return finish(node, steps, { kind: 'reshape', shape: [1, 1, features], order: 'chw' });
}

/** The axes of a Squeeze or Unsqueeze of two axes, which exporters also write as two nodes of one axis each. */
interface Steps {
  readonly axes: readonly number[] | null;
  readonly count: 1 | 2;
  readonly next: NodeProto | null;
}

function inSteps(node: OnnxNode, place: (axis: number, step: number, count: 1 | 2) => number): Steps {
  const axes = node.axes(13);
  const next = axes?.length === 1 ? node.context.onlyReader(node.output) : null;
  if (!axes || !next || next.operator !== node.proto.operator) {
    return { axes: axes && axes.map((axis) => place(axis, 0, 1)), count: 1, next: null };
  }
  const more = new OnnxNode(next, node.context).axes(13) ?? [];
  return { axes: [...axes, ...more].map((axis, step) => place(axis, step, 2)), count: 2, next };
}

function finish(node: OnnxNode, { next }: Steps, operator: Operator): NodeDraft {
  const draft = node.draft(operator);
  if (!next) return draft;
  node.context.absorbed.add(next);
  return { ...draft, output: next.outputs[0] ?? '' };
}
