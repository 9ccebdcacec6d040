import type { GraphCall } from './call';
import type { Extent } from './context';

/**
 * Extents that nodes work out from the shape of a value, as Keras writes Flatten and Reshape: Shape,
 * StridedSlice, Pack, ConcatV2, Identity and Cast. Null where a node is about something else.
 */
export function extentsOf(call: GraphCall): readonly Extent[] | null {
  const { node, context } = call;
  const known = (index: number): readonly Extent[] | null => {
    const name = context.resolve(node.inputs[index] ?? '');
    return context.extents.get(name) ?? (call.isConstant(index) ? call.integers(index, 'extents') : null);
  };
  switch (node.op) {
    case 'Shape':
      return ['batch', ...call.shape()];
    case 'StridedSlice':
      return sliced(call, context.extents.get(context.resolve(node.inputs[0] ?? '')));
    case 'Pack':
    case 'ConcatV2': {
      const count = node.op === 'Pack' ? node.inputs.length : node.inputs.length - 1;
      const parts = Array.from({ length: count }, (_, index) => known(index));
      const isAboutShapes = node.inputs.some((name) => context.extents.has(context.resolve(name)));
      return isAboutShapes && parts.every((part) => part !== null) ? parts.flat() : null;
    }
    case 'Mul':
      return product(known(0), known(1), context.extents.has(context.resolve(node.inputs[0] ?? '')));
    case 'Identity':
    case 'Cast':
      return context.extents.get(context.resolve(node.inputs[0] ?? '')) ?? null;
    default:
      return null;
  }
}

/** Extents times whole numbers, one for all or one each. */
function product(
  left: readonly Extent[] | null,
  right: readonly Extent[] | null,
  isAboutShapes: boolean,
): readonly Extent[] | null {
  if (!isAboutShapes || !left || !right) return null;
  const times = left.map((extent, index) => {
    const factor = right[right.length === 1 ? 0 : index];
    return typeof extent === 'number' && typeof factor === 'number' ? extent * factor : null;
  });
  return times.every((extent) => extent !== null) ? times : null;
}

/** A slice with step 1 of a list of extents. */
function sliced(call: GraphCall, source: readonly Extent[] | undefined): readonly Extent[] | null {
  if (!source || ![1, 2, 3].every((index) => call.isConstant(index))) return null;
  const [begin = 0] = call.integers(1, 'begin');
  const [end = source.length] = call.integers(2, 'end');
  const mask = (key: string) => call.node.number(key, 0) !== 0;
  if (mask('shrink_axis_mask')) return [source.at(begin)!];
  return source.slice(mask('begin_mask') ? 0 : begin, mask('end_mask') ? undefined : end);
}
