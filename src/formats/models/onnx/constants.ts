import { fromFront, type OnnxNode } from './node';
import { elementType } from './schema';
import {
  constantOf,
  countOf,
  filled,
  permute,
  type Constant,
  type Dimension,
  type FloatConstant,
  type IntegerConstant,
} from './tensors';

/**
 * Computes, while reading, the nodes that work on known values only: Constant, ConstantOfShape, and the
 * arithmetic of shapes that exporters leave before a Reshape. The batch's extent stays a symbol.
 *
 * @returns the value, or null where the node must be computed while running
 */
export function foldConstant(node: OnnxNode): Constant | null {
  switch (node.proto.operator) {
    case 'Constant':
      return constantNode(node);
    case 'ConstantOfShape':
      return constantOfShape(node);
    case 'Shape':
      return shapeOf(node);
    default:
      return foldKnown(node);
  }
}

function constantNode(node: OnnxNode): Constant | null {
  const tensor = node.tensor('value');
  if (tensor) return constantOf(tensor, `Constant node "${node.proto.name || node.output}"`);
  if (node.has('value_float')) return filled([], node.float('value_float', 0));
  if (node.has('value_int')) return integers([node.integer('value_int', 0)], []);
  const floats = node.floats('value_floats');
  if (floats) return { kind: 'floats', dims: [floats.length], fill: null, values: () => floats.slice() };
  const list = node.integers('value_ints');
  return list ? integers(list) : null;
}

function constantOfShape(node: OnnxNode): Constant | null {
  const shape = node.constant(0);
  if (shape?.kind !== 'integers') return null;
  const dims = shape.elements.filter((extent) => extent !== 'batch' && extent >= 0) as number[];
  if (dims.length < shape.elements.length) return null;
  const tensor = node.tensor('value');
  const value = tensor
    ? constantOf(tensor, `ConstantOfShape node "${node.proto.name || node.output}"`)
    : filled([], 0);
  if (countOf(value.dims) !== 1) return null;
  if (value.kind === 'floats') return filled(dims, value.values()[0]!);
  const [element] = value.kind === 'integers' ? value.elements : [];
  return element === undefined || dims.length > 1 || countOf(dims) > mostIntegers
    ? null
    : integers(new Array<Dimension>(countOf(dims)).fill(element));
}

/** Shapes have a handful of axes; anything longer is no shape arithmetic. */
const mostIntegers = 64;

function shapeOf(node: OnnxNode): Constant | null {
  const name = node.inputName(0);
  if (name === null) return null;
  const known = node.context.constants.get(name);
  const dims = known?.dims ?? node.context.onnxShape(name);
  if (!dims || node.context.channelsLast.has(name)) return null;
  const end = node.has('end') ? node.integer('end', 0) : dims.length;
  return integers(dims.slice(node.integer('start', 0), end));
}

function foldKnown(node: OnnxNode): Constant | null {
  const names = node.proto.inputs.filter((name) => name !== '');
  const inputs = names.map((name) => node.context.constants.get(name));
  const [first] = inputs;
  if (!first || !inputs.every((input) => input !== undefined)) return null;
  if (node.proto.operator === 'Identity') return first;
  if (first.kind === 'floats') return foldFloats(node, first);
  if (first.kind === 'other' || !inputs.every((input) => input.kind === 'integers')) return null;
  return foldIntegers(node, inputs as IntegerConstant[]);
}

function foldFloats(node: OnnxNode, input: FloatConstant): Constant | null {
  const { dims } = input;
  switch (node.proto.operator) {
    case 'Cast':
      return isFloat(node.integer('to', 0)) ? input : null;
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
    default:
      return null;
  }
}

function isFloat(type: number): boolean {
  return type === elementType.float || type === elementType.double || type === elementType.float16;
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

function integers(
  elements: readonly Dimension[],
  dims: readonly number[] = [elements.length],
): IntegerConstant {
  return { kind: 'integers', dims, elements };
}

function foldIntegers(node: OnnxNode, inputs: readonly IntegerConstant[]): Constant | null {
  if (inputs.some(({ dims, elements }) => dims.length > 1 || elements.length > mostIntegers)) return null;
  const [first] = inputs as [IntegerConstant, ...IntegerConstant[]];
  switch (node.proto.operator) {
    case 'Unsqueeze':
      return first.dims.length === 0 ? integers(first.elements) : null;
    case 'Squeeze':
      return first.elements.length === 1 ? integers(first.elements, []) : null;
    case 'Reshape':
      return integers(first.elements);
    case 'Cast':
      return castIntegers(first, node.integer('to', 0));
    case 'Gather':
      return gathered(first, inputs[1]);
    case 'Concat':
      return integers(inputs.flatMap(({ elements }) => elements));
    case 'Slice':
      return sliced(node, inputs);
    default:
      return arithmetic(node.proto.operator, inputs);
  }
}

function castIntegers(input: IntegerConstant, to: number): Constant | null {
  if (to === elementType.int64 || to === elementType.int32) return input;
  const { elements, dims } = input;
  if (!isFloat(to) || elements.includes('batch')) return null;
  return { kind: 'floats', dims, fill: null, values: () => Float32Array.from(elements as readonly number[]) };
}

function gathered(data: IntegerConstant, indices: IntegerConstant | undefined): IntegerConstant | null {
  if (!indices || data.dims.length !== 1) return null;
  const picked = indices.elements.map((index) => (index === 'batch' ? undefined : data.elements.at(index)));
  return picked.every((element) => element !== undefined) ? integers(picked, indices.dims) : null;
}

function sliced(node: OnnxNode, [data, ...bounds]: readonly IntegerConstant[]): IntegerConstant | null {
  if (!data) return null;
  const [starts, ends] =
    node.opset >= 10
      ? bounds.map(({ elements }) => elements)
      : [node.integers('starts'), node.integers('ends')];
  const [start, end] = [starts?.[0], ends?.[0]];
  const step = bounds[3]?.elements[0] ?? 1;
  return typeof start === 'number' && typeof end === 'number' && step === 1
    ? integers(data.elements.slice(start, end))
    : null;
}

const operations: Readonly<Record<string, ((a: number, b: number) => number) | undefined>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
};

function arithmetic(
  operator: string | undefined,
  inputs: readonly IntegerConstant[],
): IntegerConstant | null {
  const operation = Object.hasOwn(operations, operator ?? '') ? operations[operator ?? ''] : undefined;
  const [left, right] = inputs;
  if (!operation || !left || !right) return null;
  const count = Math.max(left.elements.length, right.elements.length);
  const at = ({ elements }: IntegerConstant, index: number) => elements[elements.length === 1 ? 0 : index];
  const results = Array.from({ length: count }, (_, index) => {
    const [a, b] = [at(left, index), at(right, index)];
    return typeof a === 'number' && typeof b === 'number' ? operation(a, b) : undefined;
  });
  const dims = left.dims.length === 0 ? right.dims : left.dims;
  return results.every((result) => result !== undefined) ? integers(results, dims) : null;
}
