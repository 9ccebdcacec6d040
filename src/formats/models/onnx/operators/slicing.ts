import type { Gather, Slice } from '../../../../network/graph';
import type { View } from '../axes';
import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';

/** Split into parts of one axis, each a slice. */
export function split(node: OnnxNode): readonly NodeDraft[] {
  const view = node.view(0);
  const axis = ourAxis(view, node.integer('axis', 0));
  const extent = node.context.shapes.get(view.value)![axis]!;
  const { outputs } = node.proto;
  const lengths = lengthsOf(node, extent, outputs.length);
  let end = 0;
  return lengths.flatMap((length, index) => {
    const start = end;
    end += length;
    const output = outputs[index] ?? '';
    const operator = { kind: 'slice', axis, start, end, step: 1 } as const;
    return node.context.isUsed(output) ? [{ operator, inputs: [view.value], axes: view.axes, output }] : [];
  });
}

/** Lengths of the parts: given, or as equal as can be. */
function lengthsOf(node: OnnxNode, extent: number, parts: number): readonly number[] {
  const given = node.opset < 13 ? node.integers('split') : node.integersAt(1, 'list of lengths');
  const each = Math.ceil(extent / parts);
  const lengths = given ?? Array.from({ length: parts }, (_, index) => Math.min(each, extent - index * each));
  const isWhole = lengths.length === parts && lengths.every((length) => length > 0);
  if (!isWhole || lengths.reduce((sum, length) => sum + length, 0) !== extent)
    cannot(`it splits ${extent} values into ${parts} parts of [${lengths.join(', ')}].`);
  return lengths;
}

/** Slice along one or more axes; backwards it picks by index. */
export function slice(node: OnnxNode): NodeDraft {
  const view = node.view(0);
  const [starts, ends, axes, steps] = boundsOf(node);
  if (!starts || starts.length !== ends?.length) return cannot('its bounds are missing.');
  const operators = starts.map((start, index) => {
    const axis = ourAxis(view, axes?.[index] ?? index);
    const extent = node.context.shapes.get(view.value)![axis]!;
    return part(axis, extent, { start, end: ends[index]!, step: steps?.[index] ?? 1 });
  });
  const last = operators.pop();
  if (!last) return node.passOn({ kind: 'identity', origin: 'identity' });
  const input = operators.reduce(
    (value, operator) => node.context.helper(value, operator, [value]),
    view.value,
  );
  return { operator: last, inputs: [input], axes: view.axes };
}

/** Starts, ends, axes and steps: attributes before operator set 10, inputs since. */
function boundsOf(node: OnnxNode): readonly (readonly number[] | null)[] {
  if (node.opset < 10) return [node.integers('starts'), node.integers('ends'), node.integers('axes'), null];
  return [1, 2, 3, 4].map((index) => node.integersAt(index, 'list of bounds'));
}

function part(
  axis: number,
  extent: number,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Slice | Gather {
  const clamp = (index: number, min: number, max: number) =>
    Math.min(max, Math.max(min, fromFront(index, extent)));
  if (step === 0) cannot('its step is 0.');
  if (step > 0) {
    const [from, to] = [clamp(start, 0, extent), clamp(end, 0, extent)];
    if (from >= to) cannot(`it leaves nothing of ${extent} values (${start} to ${end}).`);
    return { kind: 'slice', axis, start: from, end: to, step };
  }
  const [from, to] = [clamp(start, -1, extent - 1), clamp(end, -1, extent - 1)];
  const count = Math.ceil((to - from) / step);
  if (count <= 0) cannot(`it leaves nothing of ${extent} values (${start} to ${end}).`);
  return { kind: 'gather', axis, indices: Array.from({ length: count }, (_, at) => from + at * step) };
}

/** Gather by constant indices; one index alone takes its axis away. */
export function gather(node: OnnxNode): NodeDraft {
  const view = node.view(0);
  const axis = ourAxis(view, node.integer('axis', 0));
  const extent = node.context.shapes.get(view.value)![axis]!;
  const constant = node.constant(1);
  const indices = (node.integersAt(1, 'list of indices') ?? []).map((index) => fromFront(index, extent));
  if (constant && constant.dims.length > 1)
    cannot(`its indices have ${constant.dims.length} axes, expected one.`);
  const wrong = indices.find((index) => index < 0 || index >= extent);
  if (wrong !== undefined || indices.length === 0)
    cannot(`index ${wrong ?? 'none'} is not one of ${extent} values.`);
  const operator = consecutive(axis, indices) ?? ({ kind: 'gather', axis, indices } as const);
  const isOne = constant?.dims.length === 0;
  const axes = isOne ? view.axes.filter((own) => own !== axis) : view.axes;
  return { operator, inputs: [view.value], axes };
}

/** Indices one after the other are a slice. */
function consecutive(axis: number, indices: readonly number[]): Slice | null {
  const [start] = indices as [number, ...number[]];
  if (!indices.every((index, at) => index === start + at)) return null;
  return { kind: 'slice', axis, start, end: start + indices.length, step: 1 };
}

/** The axis of ours that an axis of the file is. */
function ourAxis({ axes }: View, given: number): number {
  const axis = fromFront(given, axes.length + 1);
  return axes[axis - 1] ?? cannot(`it takes the batch (axis ${axis}) apart, expected another axis.`);
}
