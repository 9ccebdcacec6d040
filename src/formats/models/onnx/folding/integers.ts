import { fromFront, type OnnxNode } from '../node';
import { elementType, isFloatType } from '../schema';
import { countOf, type Constant, type Dimension, type IntegerConstant } from '../tensors';

/** Shapes and pads have a handful of elements; anything longer is no shape arithmetic. */
export const maxIntegers = 64;

/** A constant of whole numbers, one-dimensional unless told otherwise. */
export function integers(
  elements: readonly Dimension[],
  dims: readonly number[] = [elements.length],
): IntegerConstant {
  return { kind: 'integers', dims, elements };
}

/** The arithmetic of shapes and pads on known values; null for an operator that is none of it. */
export function foldIntegers(node: OnnxNode, inputs: readonly IntegerConstant[]): Constant | null {
  if (inputs.some(({ dims, elements }) => dims.length > 2 || elements.length > maxIntegers)) return null;
  const [first, second] = inputs as [IntegerConstant, ...IntegerConstant[]];
  switch (node.proto.operator) {
    case 'Unsqueeze':
      return first.dims.length === 0 ? integers(first.elements) : null;
    case 'Squeeze':
      return first.elements.length === 1 ? integers(first.elements, []) : null;
    case 'Reshape':
      return reshaped(first, second);
    case 'Transpose':
      return transposed(first);
    case 'Cast':
      return cast(first, node.integer('to', 0));
    case 'Gather':
      return gathered(first, second);
    case 'Concat':
      return inputs.every(({ dims }) => dims.length === 1)
        ? integers(inputs.flatMap(({ elements }) => elements))
        : null;
    case 'Slice':
      return sliced(node, inputs);
    case undefined:
    default:
      return arithmetic(node.proto.operator, inputs);
  }
}

function reshaped(input: IntegerConstant, target: IntegerConstant | undefined): IntegerConstant | null {
  const [rows, columns, ...more] = target?.elements ?? [];
  const count = input.elements.length;
  if (more.length > 0 || rows === undefined) return null;
  if (columns === undefined) return rows === -1 || rows === count ? integers(input.elements) : null;
  if (typeof columns !== 'number' || columns < 1 || count % columns !== 0) return null;
  return rows === -1 || rows === count / columns
    ? integers(input.elements, [count / columns, columns])
    : null;
}

function transposed({ dims, elements }: IntegerConstant): IntegerConstant {
  const [rows = 1, columns] = dims;
  if (columns === undefined) return integers(elements, dims);
  const at = (index: number) => elements[(index % rows) * columns + Math.floor(index / rows)]!;
  return integers(
    Array.from(elements, (_, index) => at(index)),
    [columns, rows],
  );
}

function cast(input: IntegerConstant, to: number): Constant | null {
  if (to === elementType.int64 || to === elementType.int32) return input;
  const { elements, dims } = input;
  if (!isFloatType(to) || elements.includes('batch')) return null;
  return { kind: 'floats', dims, fill: null, values: () => Float32Array.from(elements as readonly number[]) };
}

function gathered(data: IntegerConstant, indices: IntegerConstant | undefined): IntegerConstant | null {
  if (!indices || data.dims.length !== 1) return null;
  const picked = indices.elements.map((index) => (index === 'batch' ? undefined : data.elements.at(index)));
  return picked.every((element) => element !== undefined) ? integers(picked, indices.dims) : null;
}

/** A slice along the first axis, backwards too: PyTorch turns its order of pads around that way. */
function sliced(node: OnnxNode, [data, ...given]: readonly IntegerConstant[]): IntegerConstant | null {
  if (!data || data.dims.length === 0) return null;
  const bounds =
    node.opset >= 10
      ? given.map(({ elements }) => elements)
      : [node.integers('starts'), node.integers('ends'), node.integers('axes')];
  const [start, end, axis = 0, step = 1] = [0, 1, 2, 3].map((index) => bounds[index]?.[0]);
  const isSimple =
    bounds.every((list) => !list || list.length === 1) &&
    typeof start === 'number' &&
    typeof end === 'number';
  if (!isSimple || typeof axis !== 'number' || typeof step !== 'number' || step === 0) return null;
  if (fromFront(axis, data.dims.length) !== 0) return null;
  const rows = picked(data.dims[0]!, { start, end, step });
  const width = countOf(data.dims.slice(1));
  const elements = rows.flatMap((row) => data.elements.slice(row * width, (row + 1) * width));
  return integers(elements, [rows.length, ...data.dims.slice(1)]);
}

/** Indices from `start` to `end` (left out) in steps, clamped to the extent as ONNX clamps them. */
function picked(
  extent: number,
  { start, end, step }: { start: number; end: number; step: number },
): number[] {
  const last = step > 0 ? extent : extent - 1;
  const min = step > 0 ? 0 : -1;
  const clamp = (index: number) => Math.min(last, Math.max(min, fromFront(index, extent)));
  const [from, to] = [clamp(start), clamp(end)];
  const count = Math.max(0, Math.ceil((to - from) / step));
  return Array.from({ length: count }, (_, index) => from + index * step);
}

const operations: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['Div', (a, b) => Math.trunc(a / b)],
]);

function arithmetic(
  operator: string | undefined,
  inputs: readonly IntegerConstant[],
): IntegerConstant | null {
  const operation = operations.get(operator ?? '');
  const [left, right] = inputs;
  if (!operation || !left || !right) return null;
  const count = Math.max(left.elements.length, right.elements.length);
  const at = ({ elements }: IntegerConstant, index: number) => elements[elements.length === 1 ? 0 : index];
  const results = Array.from({ length: count }, (_, index) => {
    const [a, b] = [at(left, index), at(right, index)];
    return typeof a === 'number' && typeof b === 'number' ? operation(a, b) : undefined;
  });
  const dims =
    left.elements.length === count && left.dims.length >= right.dims.length ? left.dims : right.dims;
  return results.every((result) => result !== undefined) && countOf(dims) === count
    ? integers(results, dims)
    : null;
}
