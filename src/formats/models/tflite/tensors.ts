import { fail } from '../../../network/failure';
import { shapeText, sizeOf } from '../../../network/shapes';
import { bytesText } from '../../file';
import { fromBfloat16, fromFloat16 } from '../../shortFloats';
import type { StoredForm, StoredTensor } from '../layers/weights';
import { permute, permutedForm } from '../onnx/tensors';
import { TensorType, type QuantizationParametersT, type TensorT } from './generated/tflite';

/** Bits of one stored number, of the types that the studio reads. */
const widths: Readonly<Partial<Record<TensorType, number>>> = {
  [TensorType.FLOAT32]: 32,
  [TensorType.FLOAT16]: 16,
  [TensorType.BFLOAT16]: 16,
  [TensorType.FLOAT64]: 64,
  [TensorType.INT64]: 64,
  [TensorType.INT32]: 32,
  [TensorType.INT16]: 16,
  [TensorType.INT8]: 8,
  [TensorType.UINT8]: 8,
  [TensorType.INT4]: 4,
};

/**
 * The constant that a tensor holds, turned to float32 when it is read.
 *
 * @param bytes of its buffer
 * @returns null where it holds none, or one that is no list of numbers
 * @throws FailureError `unreadable-file` where the buffer has another size than shape and type ask for
 */
export function storedTensor(tensor: TensorT, name: string, bytes: Uint8Array): StoredTensor | null {
  const { type, shape, quantization } = tensor;
  const width = widths[type];
  if (bytes.length === 0 || width === undefined || tensor.isVariable || tensor.sparsity !== null) return null;
  const size = Math.ceil((sizeOf(shape) * width) / 8);
  if (shape.some((extent) => extent < 0) || size !== bytes.length)
    fail(
      'unreadable-file',
      `tensor "${name}": expected ${TensorType[type]} ${shapeText(shape)}, found ${bytesText(bytes.length)}; convert the network again.`,
    );
  const scale = quantization?.scale ?? [];
  const steps = scale.length > 0 ? quantization : null;
  if (steps) requireSteps(steps, shape, name);
  const read = () => {
    const numbers = numbersIn(type, bytes, sizeOf(shape));
    return steps ? dequantised(numbers, steps, shape) : numbers;
  };
  const form = formOf(tensor, bytes);
  return form ? { shape, read, form } : { shape, read };
}

/** A constant with its axes in another order. */
export function turnedTensor({ shape, read, form }: StoredTensor, order: readonly number[]): StoredTensor {
  const turned = {
    shape: order.map((axis) => shape[axis]!),
    read: () => permute(read(), shape, order),
  };
  if (!form) return turned;
  const axis = form.axis === null ? null : order.indexOf(form.axis);
  return { ...turned, form: { axis, stored: () => permutedForm(form.stored(), shape, order) } };
}

/** What the numbers of weights are made of: halves, or levels of a byte that have one zero point. */
function formOf({ type, quantization }: TensorT, bytes: Uint8Array): StoredForm | null {
  if (type === TensorType.FLOAT16)
    return { axis: null, stored: () => ({ type: 'float16', values: shorts(bytes) }) };
  const { scale = [], zeroPoint = [], quantizedDimension = 0 } = quantization ?? {};
  const zeros = new Set(zeroPoint.map(Number));
  const [zero = 0] = zeros;
  if ((type !== TensorType.INT8 && type !== TensorType.UINT8) || scale.length === 0 || zeros.size > 1)
    return null;
  const integers = { scales: Float32Array.from(scale), zeroPoint: zero };
  return {
    axis: scale.length === 1 ? null : quantizedDimension,
    stored: () =>
      type === TensorType.INT8
        ? { type: 'int8', values: new Int8Array(bytes.slice().buffer), ...integers }
        : { type: 'uint8', values: bytes.slice(), ...integers },
  };
}

/** Numbers of two bytes, which may begin anywhere. */
function shorts(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.slice().buffer);
}

function requireSteps(
  { scale, zeroPoint, quantizedDimension, detailsType }: QuantizationParametersT,
  shape: readonly number[],
  name: string,
): void {
  const channels = scale.length === 1 ? 1 : shape[quantizedDimension];
  const isWhole = scale.length === channels && [0, 1, channels].includes(zeroPoint.length);
  if (!isWhole || detailsType !== 0)
    fail(
      'unreadable-file',
      `tensor "${name}": expected one scale and zero point for all numbers, or one per channel, found ${scale.length} and ${zeroPoint.length}; convert the network again.`,
    );
}

/** scale · (q − zero point), in float32 as runtimes have it. */
function dequantised(
  numbers: Float32Array,
  { scale, zeroPoint, quantizedDimension }: QuantizationParametersT,
  shape: readonly number[],
): Float32Array {
  const inner = scale.length === 1 ? numbers.length : sizeOf(shape.slice(quantizedDimension + 1));
  const zeroAt = (channel: number) => Number(zeroPoint[zeroPoint.length === 1 ? 0 : channel] ?? 0);
  return numbers.map((value, index) => {
    const channel = Math.floor(index / inner) % scale.length;
    return (value - zeroAt(channel)) * scale[channel]!;
  });
}

function numbersIn(type: TensorType, bytes: Uint8Array, count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return readings[type]?.(view, bytes, count) ?? Float32Array.from(bytes);
}

const every =
  (width: number, read: (view: DataView, at: number) => number) =>
  (view: DataView, _: Uint8Array, count: number): Float32Array =>
    Float32Array.from({ length: count }, (__, index) => read(view, index * width));

/** How numbers of each type are read; bytes are as they are. */
const readings: Readonly<
  Partial<Record<TensorType, (view: DataView, bytes: Uint8Array, count: number) => Float32Array>>
> = {
  [TensorType.FLOAT32]: (_, bytes) => new Float32Array(bytes.slice().buffer),
  [TensorType.FLOAT16]: (_, bytes) => fromFloat16(bytes),
  [TensorType.BFLOAT16]: (_, bytes) => fromBfloat16(bytes),
  [TensorType.FLOAT64]: every(8, (view, at) => view.getFloat64(at, true)),
  [TensorType.INT64]: every(8, (view, at) => Number(view.getBigInt64(at, true))),
  [TensorType.INT32]: every(4, (view, at) => view.getInt32(at, true)),
  [TensorType.INT16]: every(2, (view, at) => view.getInt16(at, true)),
  [TensorType.INT8]: every(1, (view, at) => view.getInt8(at)),
  [TensorType.INT4]: every(0.5, (view, at) => nibble(view.getUint8(Math.floor(at)), at % 1)),
};

/** The lower four bits come first; both are signed. */
function nibble(byte: number, half: number): number {
  return (half === 0 ? byte << 28 : byte << 24) >> 28;
}
