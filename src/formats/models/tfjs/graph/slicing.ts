import type { Shape } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { GraphCall } from './call';

interface Part {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Slices one axis after the other; a value that is kept whole is passed on. */
function sliced(call: GraphCall, shape: Shape, parts: readonly Part[], part = ''): string {
  const cut = parts.filter(({ axis, start, end, step }) => start !== 0 || end !== shape[axis] || step !== 1);
  return cut.reduce((value, own, index) => {
    const name = index === cut.length - 1 ? part : `axis${own.axis}`;
    return call.emit({ kind: 'slice', ...own }, [value], name);
  }, call.data());
}

/** Slice from a begin, so many elements of each axis. */
export function slice(call: GraphCall): string {
  const shape = call.shape();
  const [batchBegin, ...begin] = call.integers(1, 'begin');
  const [batchSize, ...size] = call.integers(2, 'size');
  const isWhole = batchBegin === 0 && (batchSize === -1 || batchSize === call.context.batch);
  if (!isWhole || begin.length !== shape.length) cannot('it does not keep images apart.');
  const parts = begin.map((start, axis) => ({
    ...{ axis, start, step: 1 },
    end: size[axis] === -1 ? shape[axis]! : start + size[axis]!,
  }));
  return sliced(call, shape, parts);
}

/** StridedSlice, as Python's x[:, 1:, ::2, 0] becomes. */
export function stridedSlice(call: GraphCall): string {
  const shape = call.shape();
  const [begin, end, strides] = (['begin', 'end', 'strides'] as const).map((what, at) =>
    call.integers(at + 1, what),
  );
  const has = (mask: string, axis: number) => ((call.node.number(mask, 0) >> axis) & 1) === 1;
  if (call.node.number('ellipsis_mask', 0) !== 0 || call.node.number('new_axis_mask', 0) !== 0)
    cannot('it takes an ellipsis or a new axis; the studio reads starts, ends and steps.');
  const isBegun = has('begin_mask', 0) || begin![0] === 0;
  const isEnded = has('end_mask', 0) || end![0] === call.context.batch;
  const isBatchWhole = isBegun && isEnded && strides![0] === 1;
  if (!isBatchWhole || has('shrink_axis_mask', 0)) cannot('it does not keep images apart.');
  const gone = shape.map((_, axis) => has('shrink_axis_mask', axis + 1));
  const parts = begin!.slice(1).map((given, axis): Part => {
    const extent = shape[axis] ?? cannot('it has more axes than its input.');
    const bound = (value: number) => Math.min(extent, Math.max(0, value < 0 ? value + extent : value));
    const start = has('begin_mask', axis + 1) ? 0 : bound(given);
    if (gone[axis]) return { axis, start, end: start + 1, step: 1 };
    const step = strides![axis + 1]!;
    if (step < 1) cannot(`its step is ${step}, expected 1 or more.`);
    return { axis, start, end: has('end_mask', axis + 1) ? extent : bound(end![axis + 1]!), step };
  });
  const isSqueezed = gone.includes(true);
  const value = sliced(call, shape, parts, isSqueezed ? 'cut' : '');
  if (!isSqueezed) return value;
  const extents = shape.map((extent, axis) => {
    const part = parts[axis];
    return part ? Math.ceil((part.end - part.start) / part.step) : extent;
  });
  const left = extents.filter((_, axis) => !gone[axis]);
  return call.emit({ kind: 'reshape', shape: left, order: 'hwc' }, [value]);
}

/** GatherV2 by constant indices. */
export function gather(call: GraphCall): string {
  const shape = call.shape();
  const indices = call.weights(1, 'indices');
  const [given = 0] = call.node.inputs.length > 2 ? call.integers(2, 'axis') : [];
  const axis = given < 0 ? given + shape.length : given - 1;
  if (axis < 0 || axis >= shape.length)
    cannot(`it picks along axis ${given}, expected one behind the batch.`);
  if (indices.shape.length > 1) cannot('its indices have more than one axis.');
  const picked = Array.from(indices.data, (index) => (index < 0 ? index + shape[axis]! : index));
  if (indices.shape.length === 1) return call.emit({ kind: 'gather', axis, indices: picked });
  const one = call.emit({ kind: 'gather', axis, indices: picked }, [call.data()], 'picked');
  return call.emit({ kind: 'reshape', shape: shape.filter((_, at) => at !== axis), order: 'hwc' }, [one]);
}

/** Transpose of axes behind the batch. */
export function transpose(call: GraphCall): string {
  const [batch, ...axes] = call.integers(1, 'order of axes');
  if (batch !== 0) cannot(`its order of axes is [${[batch, ...axes].join(', ')}], expected the batch first.`);
  const permutation = axes.map((axis) => axis - 1);
  if (permutation.every((axis, at) => axis === at)) return call.data();
  return call.emit({ kind: 'transpose', permutation });
}

/** Split (into equal parts) and SplitV (of given sizes): a slice for every part that something reads. */
export function split(call: GraphCall): string {
  const isEqual = call.node.op === 'Split';
  const [value, axisAt] = isEqual ? [1, 0] : [0, 2];
  const shape = call.shape(value);
  const [given = 0] = call.integers(axisAt, 'axis');
  const axis = given < 0 ? given + shape.length : given - 1;
  const extent = shape[axis] ?? cannot(`it splits axis ${given}, expected one behind the batch.`);
  const count = call.node.number('num_split', 1);
  if (isEqual && !(Number.isInteger(extent / count) && count >= 1 && count <= extent))
    cannot(`it splits ${extent} elements into ${count} parts, expected parts of the same size.`);
  const stated = isEqual ? Array<number>(count).fill(extent / count) : call.integers(1, 'sizes');
  const known = stated.reduce((sum, size) => sum + Math.max(0, size), 0);
  const sizes = stated.map((size) => (size < 0 ? extent - known : size));
  const read = new Set(call.context.valuesOf(call.node.name));
  let start = 0;
  for (const [index, size] of sizes.entries()) {
    const name = index === 0 ? call.node.name : `${call.node.name}:${index}`;
    const part = { axis, start, end: start + size, step: 1 };
    if (read.has(name)) call.context.emit(name, [call.data(value)], { kind: 'slice', ...part });
    start += size;
  }
  return call.node.name;
}
