import { fromFront, type OnnxNode } from '../node';
import { isFloatType } from '../schema';
import { countOf, permute, type Constant, type FloatConstant } from '../tensors';

/**
 * Weights that are reshaped, transposed, cast or computed with before they are used; null for any other operator.
 *
 * @param inputs constants, of which the first is of floats
 */
export function foldFloats(
  node: OnnxNode,
  [input, other]: readonly [FloatConstant, ...Constant[]],
): Constant | null {
  const { dims } = input;
  switch (node.proto.operator) {
    case 'Cast':
      return isFloatType(node.integer('to', 0)) ? input : null;
    case 'Transpose':
      return transposed(input, node.integers('perm') ?? dims.map((_, axis) => dims.length - 1 - axis));
    case 'Reshape':
      return reshaped(input, node);
    case 'Flatten': {
      const axis = fromFront(node.integer('axis', 1), dims.length);
      return { ...input, dims: [countOf(dims.slice(0, axis)), countOf(dims.slice(axis))] };
    }
    case 'Unsqueeze':
      return unsqueezed(input, node.axes(13));
    case 'Squeeze':
      return squeezed(input, node.axes(13));
    case undefined:
    default:
      return other ? combined(node, input, other) : mapped(node, input);
  }
}

const functions: ReadonlyMap<string, (value: number) => number> = new Map([
  ['Neg', (value) => -value],
  ['Sqrt', Math.sqrt],
  ['Reciprocal', (value) => 1 / value],
  ['Exp', Math.exp],
]);

const combinations: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['Div', (a, b) => a / b],
  ['Pow', (a, b) => a ** b],
]);

function mapped(node: OnnxNode, input: FloatConstant): FloatConstant | null {
  const change = functions.get(node.proto.operator ?? '');
  return change ? { ...input, fill: null, values: () => input.values().map(change) } : null;
}

/** Arithmetic on constants of one shape, or with a single number. */
function combined(node: OnnxNode, left: FloatConstant, right: Constant): FloatConstant | null {
  const combine = combinations.get(node.proto.operator ?? '');
  if (!combine || right.kind !== 'floats') return null;
  const [a, b] = [countOf(left.dims), countOf(right.dims)];
  if (left.dims.join() !== right.dims.join() && a !== 1 && b !== 1) return null;
  const dims = a > b || (a === b && left.dims.length >= right.dims.length) ? left.dims : right.dims;
  const values = () => {
    const [x, y] = [left.values(), right.values()];
    return Float32Array.from({ length: countOf(dims) }, (_, at) =>
      combine(x[a === 1 ? 0 : at]!, y[b === 1 ? 0 : at]!),
    );
  };
  return { kind: 'floats', dims, fill: null, values };
}

function transposed(input: FloatConstant, order: readonly number[]): FloatConstant | null {
  const { dims } = input;
  const isOrder = order.length === dims.length && [...order].sort().every((axis, index) => axis === index);
  if (!isOrder || dims.length > 4) return null;
  const values = () => permute(input.values(), dims, order);
  return {
    ...input,
    dims: order.map((axis) => dims[axis]!),
    values: input.fill === null ? values : input.values,
  };
}

function reshaped(input: FloatConstant, node: OnnxNode): FloatConstant | null {
  const target = node.integersAt(1, 'shape');
  if (!target) return null;
  const dims = target.map((extent, axis) => (extent === 0 ? (input.dims[axis] ?? 0) : extent));
  const open = dims.indexOf(-1);
  if (open >= 0) dims[open] = countOf(input.dims) / countOf(dims.filter((_, axis) => axis !== open));
  return countOf(dims) === countOf(input.dims) &&
    dims.every((extent) => Number.isInteger(extent) && extent >= 0)
    ? { ...input, dims }
    : null;
}

function unsqueezed(input: FloatConstant, axes: readonly number[] | null): FloatConstant | null {
  if (!axes || axes.length + input.dims.length > 8) return null;
  const rank = input.dims.length + axes.length;
  const inserted = new Set(axes.map((axis) => fromFront(axis, rank)));
  const rest = [...input.dims];
  const dims = Array.from({ length: rank }, (_, axis) => (inserted.has(axis) ? 1 : rest.shift()));
  return dims.every((extent) => extent !== undefined) && rest.length === 0 ? { ...input, dims } : null;
}

function squeezed(input: FloatConstant, axes: readonly number[] | null): FloatConstant | null {
  const removed = new Set(axes?.map((axis) => fromFront(axis, input.dims.length)));
  const isRemoved = (extent: number, axis: number) => (axes ? removed.has(axis) : extent === 1);
  const dims = input.dims.filter((extent, axis) => !isRemoved(extent, axis));
  return countOf(dims) === countOf(input.dims) ? { ...input, dims } : null;
}
