import type { DynamicQuantise, Quantise } from '../../../network/graph';
import { levelRange } from '../../../network/stored';
import { cannot } from '../onnx/context';
import { TensorType, type OperatorT, type TensorT } from './generated/tflite';
import type { TfliteModel } from './model';
import type { SourceOperator } from './sourceOperator';

/*
 * A file that computes in whole numbers holds levels between its operators. Here a value is what its levels stand for:
 * the operator computes in numbers, and rounding to the levels follows it.
 */

/** Operators that only move levels, or choose among them: what they answer is on the levels of what they read. */
const movers: ReadonlySet<string> = new Set([
  ...[
    'CONCATENATION',
    'EXPAND_DIMS',
    'GATHER',
    'MAX_POOL_2D',
    'PACK',
    'PAD',
    'PADV2',
    'RESHAPE',
    'SLICE',
    'SPLIT',
  ],
  ...['SPLIT_V', 'SQUEEZE', 'STRIDED_SLICE', 'TRANSPOSE', 'REDUCE_MAX', 'REDUCE_MIN', 'MAXIMUM', 'MINIMUM'],
  'RESIZE_NEAREST_NEIGHBOR',
]);

/** Whether a tensor that is computed holds levels of a byte. */
export function holdsLevels({ type, quantization }: TensorT): boolean {
  return (type === TensorType.INT8 || type === TensorType.UINT8) && quantization?.scale.length === 1;
}

/** The rounding to a tensor's levels. @throws CannotCompute where they are none */
export function levelsOf({ type, quantization }: TensorT): Quantise {
  const [scale = 0] = quantization?.scale ?? [];
  const zeroPoint = Number(quantization?.zeroPoint[0] ?? 0);
  const own = type === TensorType.INT8 ? 'int8' : 'uint8';
  const { lowest, highest } = levelRange(own);
  if (!(scale > 0 && Number.isFinite(scale))) cannot(`its scale is ${scale}, expected a positive number.`);
  if (!(zeroPoint >= lowest && zeroPoint <= highest))
    cannot(`its zero point is ${zeroPoint}, expected a level of ${own}.`);
  return { kind: 'quantise', type: own, scale, zeroPoint };
}

/** Types of values that are numbers as they are. */
const plain: ReadonlySet<TensorType> = new Set([TensorType.FLOAT32, TensorType.INT32, TensorType.INT64]);

/**
 * What follows an operator so that its answer is on the levels that the file holds it in.
 *
 * @throws CannotCompute where the file holds it in a way that the studio does not compute with
 */
export function roundingAfter(kind: string, reads: readonly TensorT[], answer: TensorT): readonly Quantise[] {
  if (!holdsLevels(answer)) {
    if (plain.has(answer.type)) return [];
    const found = TensorType[answer.type] ?? answer.type;
    return cannot(
      `its values are stored as ${found}; the studio computes in float32 and in levels of a byte, so convert the network in one of them.`,
    );
  }
  const levels = levelsOf(answer);
  const isMoved =
    movers.has(kind) && reads.every((tensor) => holdsLevels(tensor) && isSame(levelsOf(tensor), levels));
  return isMoved ? [] : [levels];
}

function isSame(a: Quantise, b: Quantise): boolean {
  return a.type === b.type && a.scale === b.scale && a.zeroPoint === b.zeroPoint;
}

/** Operators that compute in whole numbers where their weights are some, whatever they read. */
const layers: ReadonlySet<string> = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED']);

/**
 * How runtimes round what an operator reads as they run, which they do where it reads numbers and its weights are int8
 * around zero that no DEQUANTIZE stands behind; null for all else.
 */
export function levelsAsItRuns(
  kind: string,
  source: SourceOperator,
  { inputs }: OperatorT,
  { graph: { tensors }, buffers }: TfliteModel,
): DynamicQuantise | null {
  const [input, weights] = [tensors[inputs[0] ?? -1], tensors[inputs[1] ?? -1]];
  if (!layers.has(kind) || input?.type !== TensorType.FLOAT32 || weights?.type !== TensorType.INT8)
    return null;
  const { scale = [], zeroPoint = [] } = weights.quantization ?? {};
  const isAroundZero = scale.length > 0 && zeroPoint.every((zero) => Number(zero) === 0);
  if (!isAroundZero || !buffers[weights.buffer]?.length) return null;
  return { kind: 'dynamicQuantise', per: isByRow(kind, source, input, weights) ? 'row' : 'image' };
}

/** Dense layers are rounded row by row, and so are the 1×1 convolutions that runtimes make of one. */
function isByRow(kind: string, source: SourceOperator, input: TensorT, weights: TensorT): boolean {
  if (kind === 'FULLY_CONNECTED') return input.shape.at(-1) === weights.shape.at(-1);
  const [, height, width, channels] = weights.shape;
  const isPointwise = height === 1 && width === 1 && channels === input.shape.at(-1);
  const isEveryPixel = source.number('strideH') === 1 && source.number('strideW') === 1;
  return kind === 'CONV_2D' && isPointwise && isEveryPixel;
}
