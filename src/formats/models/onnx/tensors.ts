import type { Stored } from '../../../network/graph';
import { fromBfloat16, fromFloat16 } from '../../shortFloats';
import { MalformedMessage } from '../protobuf';
import type { ExternalData } from './external';
import { elementType, elementTypeText, type TensorProto } from './schema';

/** An extent known when reading, or the batch's, which is known only when running. */
export type Dimension = number | 'batch';

/** A tensor whose elements are known when reading, in ONNX's own layout. */
export type Constant = FloatConstant | IntegerConstant | LevelConstant | OtherConstant;

/** Weights. Elements are made on demand, so that what nobody reads costs nothing. */
export interface FloatConstant {
  readonly kind: 'floats';
  readonly dims: readonly number[];
  /** The one value of all elements where the file says no more, or null. */
  readonly fill: number | null;
  readonly values: () => Float32Array;
}

/** Shapes, axes and indices. */
export interface IntegerConstant {
  readonly kind: 'integers';
  readonly dims: readonly number[];
  readonly elements: readonly Dimension[];
}

/** Whole numbers of one or two bytes that stand for others (DequantizeLinear). */
export interface LevelConstant {
  readonly kind: 'levels';
  readonly dims: readonly number[];
  readonly type: LevelType;
  readonly values: () => Levels;
}

export type LevelType = 'int8' | 'uint8' | 'int16' | 'uint16';
export type Levels = Int8Array | Uint8Array | Int16Array | Uint16Array;

/** A tensor of a type that the studio does not compute with. */
export interface OtherConstant {
  readonly kind: 'other';
  readonly dims: readonly number[];
  readonly type: string;
}

/** Number of elements of a tensor. */
export function countOf(dims: readonly number[]): number {
  return dims.reduce((product, extent) => product * extent, 1);
}

/**
 * The constant that a TensorProto holds; its size is checked against its bytes before anything is allocated.
 *
 * @param where the tensor's place in the file, for errors
 * @param external finds elements that lie in another file
 * @throws MalformedMessage where dimensions and bytes disagree
 */
export function constantOf(stored: TensorProto, where: string, external: ExternalData): Constant {
  const place = stored.name ? `${where} ("${stored.name}")` : where;
  const { dims } = stored;
  if (dims.some((extent) => extent < 0))
    throw new MalformedMessage(place, `negative extents ${dims.join('×')}`);
  const tensor = stored.dataLocation === 1 ? { ...stored, rawData: external(stored, place) } : stored;
  switch (tensor.dataType) {
    case elementType.float:
    case elementType.double:
    case elementType.float16:
    case elementType.bfloat16:
      return floatConstant(tensor, tensor.dataType, place);
    case elementType.int64:
    case elementType.int32:
    case elementType.bool:
      return integerConstant(tensor, tensor.dataType, place);
    case elementType.int8:
    case elementType.uint8:
    case elementType.int16:
    case elementType.uint16:
      return levelConstant(tensor, levelTypes[tensor.dataType], place);
    case undefined:
    default:
      return { kind: 'other', dims, type: elementTypeText(tensor.dataType) };
  }
}

/** A float constant whose elements are all the same. */
export function filled(dims: readonly number[], fill: number): FloatConstant {
  return { kind: 'floats', dims, fill, values: () => new Float32Array(countOf(dims)).fill(fill) };
}

type FloatType = 1 | 10 | 11 | 16;

const widths: Readonly<Record<FloatType, number>> = { 1: 4, 10: 2, 11: 8, 16: 2 };
type IntegerType = 6 | 7 | 9;

function floatConstant(tensor: TensorProto, type: FloatType, place: string): FloatConstant {
  const { dims } = tensor;
  const bytes = tensor.rawData;
  if (bytes) {
    requireCount(dims, bytes.length / widths[type], place);
    return { kind: 'floats', dims, fill: null, values: () => rawFloats(bytes, type) };
  }
  const isShort = widths[type] === 2;
  const numbers = isShort
    ? tensor.int32Data
    : type === elementType.float
      ? tensor.floatData
      : tensor.doubleData;
  requireCount(dims, numbers.length, place);
  // The bits of a short float stand in a whole number each.
  const values = () =>
    isShort ? rawFloats(new Uint8Array(Uint16Array.from(numbers).buffer), type) : Float32Array.from(numbers);
  return { kind: 'floats', dims, fill: null, values };
}

function integerConstant(tensor: TensorProto, type: IntegerType, place: string): IntegerConstant {
  const { dims, rawData } = tensor;
  const elements = rawData
    ? rawIntegers(rawData, type, place)
    : type === elementType.int64
      ? tensor.int64Data
      : tensor.int32Data;
  requireCount(dims, elements.length, place);
  return { kind: 'integers', dims, elements };
}

const levelTypes = { 2: 'uint8', 3: 'int8', 4: 'uint16', 5: 'int16' } as const;
const levelArrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
} as const;

function levelConstant(tensor: TensorProto, type: LevelType, place: string): LevelConstant {
  const { dims, rawData, int32Data } = tensor;
  const make = levelArrays[type];
  requireCount(dims, rawData ? rawData.length / make.BYTES_PER_ELEMENT : int32Data.length, place);
  const values = () => (rawData ? new make(rawData.slice().buffer) : make.from(int32Data));
  return { kind: 'levels', dims, type, values };
}

function requireCount(dims: readonly number[], found: number, place: string): void {
  const expected = countOf(dims);
  if (found === expected) return;
  throw new MalformedMessage(
    place,
    `${expected} values expected (${dims.join('×') || 'a single number'}), ${found} found`,
  );
}

/** Little-endian elements; a copy, because the bytes of a file need not be aligned and the file may be let go. */
function rawFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  if (type === elementType.float16) return fromFloat16(bytes);
  if (type === elementType.bfloat16) return fromBfloat16(bytes);
  const { buffer } = bytes.slice();
  if (type === elementType.float) return new Float32Array(buffer);
  return Float32Array.from(new Float64Array(buffer));
}

function rawIntegers(bytes: Uint8Array, type: IntegerType, place: string): number[] {
  const width = { 6: 4, 7: 8, 9: 1 }[type];
  if (bytes.length % width !== 0)
    throw new MalformedMessage(place, `${bytes.length} bytes are no whole number of values`);
  const { buffer } = bytes.slice();
  if (type === elementType.int64) return Array.from(new BigInt64Array(buffer), Number);
  return Array.from(type === elementType.int32 ? new Int32Array(buffer) : new Uint8Array(buffer));
}

/**
 * Reorders the axes of a row-major tensor: output axis k is input axis `order[k]`.
 *
 * @param dims extents of the input's axes, at most four
 */
export function permute<Values extends Float32Array | Levels>(
  values: Values,
  dims: readonly number[],
  order: readonly number[],
): Values {
  const strides = stridesOf(dims);
  const lead = 4 - order.length;
  const extent = (axis: number) => (axis < lead ? 1 : dims[order[axis - lead]!]!);
  const stride = (axis: number) => (axis < lead ? 0 : strides[order[axis - lead]!]!);
  const [e0, e1, e2, e3] = [extent(0), extent(1), extent(2), extent(3)];
  const [s0, s1, s2, s3] = [stride(0), stride(1), stride(2), stride(3)];
  const result = new (values.constructor as new (length: number) => Values)(values.length);
  for (let i0 = 0; i0 < e0; i0++) {
    for (let i1 = 0; i1 < e1; i1++) {
      const from = i0 * s0 + i1 * s1;
      const to = (i0 * e1 + i1) * e2 * e3;
      for (let row = 0; row < e2; row += tileSide) {
        const rows = Math.min(tileSide, e2 - row);
        for (let column = 0; column < e3; column += tileSide) {
          const columns = Math.min(tileSide, e3 - column);
          copyTile(
            { values: result, at: to + row * e3 + column, rowStride: e3, columnStride: 1 },
            { values, at: from + row * s2 + column * s3, rowStride: s2, columnStride: s3 },
            rows,
            columns,
          );
        }
      }
    }
  }
  return result;
}

/** A square of so many rows and columns stays in the cache, however far apart they lie where they are read. */
const tileSide = 32;

interface Tile {
  readonly values: Float32Array | Levels;
  readonly at: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

function copyTile(target: Tile, source: Tile, rows: number, columns: number): void {
  const [to, from] = [target.values, source.values];
  const step = source.columnStride;
  for (let row = 0; row < rows; row++) {
    let place = target.at + row * target.rowStride;
    let read = source.at + row * source.rowStride;
    for (let column = 0; column < columns; column++, read += step) to[place++] = from[read]!;
  }
}

/** The numbers of a form of fewer bits with the axes reordered. */
export function permutedForm(stored: Stored, dims: readonly number[], order: readonly number[]): Stored {
  return stored.type === 'float16'
    ? { ...stored, values: permute(stored.values, dims, order) }
    : { ...stored, values: permute(stored.values, dims, order) };
}

function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  return strides;
}
