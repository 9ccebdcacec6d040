import type { Stored } from '../../../../network/graph';
import { roundToEven } from '../../../../network/half';
import { cannot } from '../context';
import { noteForm } from '../forms';
import { fromFront, type OnnxNode } from '../node';
import { countOf, type Constant, type FloatConstant, type LevelConstant } from '../tensors';

/** Operators that go between numbers and the levels that stand for them. */
export const quantising: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear']);

/** A constant that becomes levels, or levels that become the numbers they stand for. */
export function foldLevels(node: OnnxNode, inputs: readonly Constant[]): Constant {
  const [input, scales, zeroPoints] = inputs;
  if (scales?.kind !== 'floats') return cannot('its scale is no floating-point number.');
  const pattern = patternOf(node, input!, scales);
  return node.proto.operator === 'QuantizeLinear'
    ? quantised(input!, scales, zeroPoints, pattern)
    : dequantised(input!, scales, zeroPoints, pattern);
}

/** Which scale an element has: those of one channel lie `inner` by `inner`. */
interface Pattern {
  readonly inner: number;
  readonly count: number;
  /** Along which scales differ; null where there is one. */
  readonly axis: number | null;
}

function patternOf(node: OnnxNode, { dims }: Constant, scales: FloatConstant): Pattern {
  if (node.integer('block_size', 0) !== 0) return cannot('its levels share a scale in blocks.');
  const count = countOf(scales.dims);
  if (count === 1 && scales.dims.length < 2) return { inner: countOf(dims), count, axis: null };
  const axis = fromFront(node.integer('axis', 1), dims.length);
  if (scales.dims.length !== 1 || dims[axis] !== count)
    return cannot(
      `its scales are ${scales.dims.join('×')} for levels of ${dims.join('×')} along axis ${axis}.`,
    );
  return { inner: countOf(dims.slice(axis + 1)), count, axis };
}

function placeOf({ inner, count }: Pattern, index: number): number {
  return Math.floor(index / inner) % count;
}

/** (level − zero point) · scale, in float32 as runtimes compute it. */
function dequantised(
  input: Constant,
  scales: FloatConstant,
  zeroPoints: Constant | undefined,
  pattern: Pattern,
): FloatConstant {
  const levels = numbersOf(input);
  const zeros = zeroPoints && numbersOf(zeroPoints);
  if (!levels) return cannot(`its levels are ${typeOf(input)}.`);
  requireZeros(zeroPoints, pattern);
  let made: Float32Array | null = null;
  const values = () => {
    if (made) return made;
    const [scale, zero] = [scales.values(), zeros?.() ?? null];
    const from = levels();
    made = new Float32Array(from.length);
    for (let index = 0; index < from.length; index++) {
      const place = placeOf(pattern, index);
      made[index] = (from[index]! - (zero?.[place] ?? 0)) * scale[place]!;
    }
    return made;
  };
  const constant: FloatConstant = { kind: 'floats', dims: input.dims, fill: null, values };
  noteLevels(constant, input, scales, zeros, pattern);
  return constant;
}

/** Notes levels that a layer can be written with again: bytes, all with one zero point. */
function noteLevels(
  constant: FloatConstant,
  input: Constant,
  scales: FloatConstant,
  zeros: (() => ArrayLike<number>) | null | undefined,
  { count, axis }: Pattern,
): void {
  if (input.kind !== 'levels' || input.type === 'int16') return;
  const { type, values } = input;
  const [zeroPoint = 0, ...others] = Array.from(zeros?.() ?? []);
  if (others.some((other) => other !== zeroPoint) || (count > 1 && zeroPoint !== 0)) return;
  // Its levels are of its own type, which the compiler cannot see any more here.
  noteForm(constant, axis, () => ({ type, values: values(), scales: scales.values(), zeroPoint }) as Stored);
}

/** x / scale + zero point, rounded and kept within the type, which is that of the zero point. */
function quantised(
  input: Constant,
  scales: FloatConstant,
  zeroPoints: Constant | undefined,
  pattern: Pattern,
): LevelConstant {
  const type = zeroPoints === undefined ? 'uint8' : zeroPoints.kind === 'levels' ? zeroPoints.type : null;
  if (input.kind !== 'floats' || (type !== 'int8' && type !== 'uint8'))
    return cannot(`it turns ${typeOf(input)} into ${zeroPoints ? typeOf(zeroPoints) : 'levels'}.`);
  requireZeros(zeroPoints, pattern);
  const zeros = zeroPoints && numbersOf(zeroPoints);
  const values = () => {
    const [scale, zero] = [scales.values(), zeros?.() ?? null];
    const levels = Array.from(input.values(), (value, index) => {
      const place = placeOf(pattern, index);
      return roundToEven(Math.fround(value / scale[place]!)) + (zero?.[place] ?? 0);
    });
    // Clamped by hand, because whole numbers wrap around in an Int8Array.
    return type === 'uint8'
      ? Uint8Array.from(levels, (level) => Math.max(0, Math.min(255, level)))
      : Int8Array.from(levels, (level) => Math.max(-128, Math.min(127, level)));
  };
  return { kind: 'levels', dims: input.dims, type, values };
}

function requireZeros(zeroPoints: Constant | undefined, { count }: Pattern): void {
  if (zeroPoints && countOf(zeroPoints.dims) !== count)
    cannot(`its zero points are ${zeroPoints.dims.join('×')}, its scales ${count}.`);
}

/** The whole numbers of levels, or of a bias in int32; null of anything else. */
function numbersOf(constant: Constant): (() => ArrayLike<number>) | null {
  if (constant.kind === 'levels') return constant.values;
  if (constant.kind !== 'integers' || constant.elements.includes('batch')) return null;
  const { elements } = constant;
  return () => elements as readonly number[];
}

function typeOf(constant: Constant): string {
  if (constant.kind === 'levels' || constant.kind === 'other') return constant.type;
  return constant.kind === 'floats' ? 'floating-point numbers' : 'whole numbers';
}
