import type { Activation, Elementwise, Operator, Shape } from '../../../../network/graph';
import { shapeText, sizeOf } from '../../../../network/shapes';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { found, numberIn } from '../json';

type Combination = 'add' | 'multiply' | Elementwise['function'];

/** Operator that combines values element by element. */
export function combination(name: Combination): Operator {
  return name === 'add' || name === 'multiply' ? { kind: name } : { kind: 'elementwise', function: name };
}

const associative: ReadonlySet<Combination> = new Set(['add', 'multiply', 'maximum', 'minimum']);

/**
 * Layers Add, Multiply, Maximum, … and the functions of the same names, whose operands may be numbers or lists of
 * them.
 */
export function combine(name: Combination) {
  return (call: LayerCall): string => {
    const operands = operandsOf(call);
    const isEnough = associative.has(name) ? operands.length >= 2 : operands.length === 2;
    if (!isEnough) cannot(`it combines values, found ${operands.length}.`);
    return call.emit(combination(name), '', operands);
  };
}

/** Values by name; numbers and lists become constants. Arguments by name that are numbers stand behind the others. */
function operandsOf(call: LayerCall): readonly string[] {
  const named = ['x1', 'x2', 'y'].flatMap((key) => {
    const value = call.spec.settings[key];
    return value === undefined || value === null ? [] : [{ value }];
  });
  return [...call.operands, ...named].map((operand, index) =>
    typeof operand === 'string' ? operand : constant(call, operand.value, `constant${index + 1}`),
  );
}

/** A number, or a list of numbers of any depth, as a node. */
export function constant(call: LayerCall, value: unknown, suffix: string): string {
  const shape = shapeOf(value);
  const data = Float32Array.from([value].flat(Infinity), (part) => {
    return numberIn(part) ?? cannot(`it reads ${found(value)}, expected numbers.`);
  });
  if (sizeOf(shape) !== data.length) cannot(`it reads ${found(value)}, whose rows differ in length.`);
  return call.emit({ kind: 'constant', value: { shape: unbatched(call, shape), data } }, suffix, []);
}

function shapeOf(value: unknown): Shape {
  if (!Array.isArray(value)) return [1];
  return Array.isArray(value[0]) ? [value.length, ...shapeOf(value[0])] : [value.length];
}

/** A constant has no batch; where it is as long as the values with theirs, its first axis must be 1. */
function unbatched(call: LayerCall, shape: Shape): Shape {
  const axes = call.shape().length;
  if (shape.length <= axes) return shape;
  const [batch, ...rest] = shape;
  return batch === 1 && rest.length === axes ? rest : cannot(`it reads a constant of ${shapeText(shape)}.`);
}

/** Average: a sum times one over the number of its summands. */
export function average(call: LayerCall): string {
  const operands = operandsOf(call);
  if (operands.length < 2) cannot(`it combines values, found ${operands.length}.`);
  const sum = call.emit({ kind: 'add' }, 'sum', operands);
  const share = constant(call, 1 / operands.length, 'share');
  return call.emit({ kind: 'multiply' }, '', [sum, share]);
}

/** Rescaling: x · scale + offset, each one number or one per channel. */
export function rescaling(call: LayerCall): string {
  return affine(call, call.setting('scale') ?? 1, call.setting('offset') ?? 0);
}

function affine(call: LayerCall, scale: unknown, offset: unknown): string {
  const isNone = (value: unknown) => [value].flat(Infinity).every((part) => part === 0);
  const suffix = isNone(offset) ? '' : 'scaled';
  const scaled = call.emit({ kind: 'multiply' }, suffix, [call.input, constant(call, scale, 'scale')]);
  if (isNone(offset)) return scaled;
  return call.emit({ kind: 'add' }, '', [scaled, constant(call, offset, 'offset')]);
}

/** The least deviation that Keras divides by. */
const leastDeviation = 1e-7;

/**
 * Normalization: (x − mean) / √variance, along some axes, of numbers that stand in the description or among the
 * weights.
 */
export function normalization(call: LayerCall): string {
  const axes = normalisedAxes(call);
  const shape = call.shape().map((extent, axis) => (axes.includes(axis) ? extent : 1));
  const [mean, variance] = statistics(call, shape, axes);
  const isInverse = call.flag('invert', false);
  const deviation = variance.map((value) => Math.max(Math.sqrt(value), leastDeviation));
  const emit = (kind: 'add' | 'multiply', values: Float32Array, input: string, suffix: string) => {
    const value = call.emit({ kind: 'constant', value: { shape, data: values } }, `${suffix}_values`, []);
    return call.emit({ kind }, suffix, [input, value]);
  };
  if (isInverse) return emit('add', mean, emit('multiply', deviation, call.input, 'scaled'), '');
  const centred = emit(
    'add',
    mean.map((value) => -value),
    call.input,
    'centred',
  );
  return emit(
    'multiply',
    deviation.map((value) => 1 / value),
    centred,
    '',
  );
}

/** The axes that have statistics of their own; Keras counts the batch as axis 0. */
function normalisedAxes(call: LayerCall): readonly number[] {
  const shape = call.shape();
  const given = call.layer.config['axis'];
  const axes = (given === undefined ? [-1] : given === null ? [] : [given].flat()).map((axis) =>
    typeof axis === 'number' && axis < 0 ? axis + shape.length : Number(axis) - 1,
  );
  if (axes.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= shape.length))
    cannot(`its axis is ${found(given)}, expected axes of ${shapeText(shape)}.`);
  return axes.toSorted((a, b) => a - b);
}

function statistics(
  call: LayerCall,
  shape: Shape,
  axes: readonly number[],
): readonly [Float32Array, Float32Array] {
  const { mean, variance } = call.layer.config;
  const size = sizeOf(shape);
  const given = [mean, variance].map((value) =>
    value === null || value === undefined ? null : [value].flat(Infinity),
  );
  if (given.every((values) => values !== null)) {
    return given.map((values) => {
      const numbers = Float32Array.from(values, (value) => numberIn(value) ?? NaN);
      const all = numbers.length === 1 ? new Float32Array(size).fill(numbers[0]!) : numbers;
      if (all.length !== size || all.some(Number.isNaN))
        cannot(`its statistics are ${found(values)}, expected ${size} numbers.`);
      return all;
    }) as unknown as readonly [Float32Array, Float32Array];
  }
  const kept = axes.map((axis) => shape[axis]!);
  const wanted = ['mean', 'variance'].map((name) => ({ names: [name, `adapt_${name}`], shape: kept }));
  const [first, second] = call.weights(wanted);
  return [first!.data, second!.data];
}

/** A function of one value alone. */
export function unary(name: Activation['function'], alpha = 0, beta = 0) {
  return (call: LayerCall): string => call.emit({ kind: 'activation', function: name, alpha, beta });
}

/** Layers that do nothing when a network answers. */
export function passing(origin: 'identity' | 'dropout') {
  const operator: Operator = { kind: 'identity', origin };
  return (call: LayerCall): string => call.emit(operator);
}

/** Dot: products of the matrices, or of the vectors, that two values hold for each image. */
export function dot(call: LayerCall): string {
  if (call.flag('normalize', false)) cannot('it normalises what it multiplies.');
  const [first, second] = [call.shape(0), call.shape(1)];
  const given = call.setting('axes');
  const [left, right = left] = [given].flat().map(Number);
  const axisOf = (axis = NaN, { length }: Shape) => (axis < 0 ? axis + length : axis - 1);
  const axes = [axisOf(left, first), axisOf(right, second)] as const;
  const isKnown = first.length === second.length && (first.length === 1 || first.length === 2);
  if (!isKnown || axes.some((axis) => !(axis >= 0 && axis < first.length)))
    cannot(`it multiplies ${shapeText(first)} and ${shapeText(second)} along the axes ${found(given)}.`);
  if (first.length === 1) return dotOfVectors(call, first[0]!);
  // Rows of the first by columns of the second.
  const turned = (value: string, isTurned: boolean, suffix: string) =>
    isTurned ? call.emit({ kind: 'transpose', permutation: [1, 0] }, suffix, [value]) : value;
  const [a, b] = call.inputs as [string, string];
  const operands = [turned(a, axes[0] === 0, 'first'), turned(b, axes[1] === 1, 'second')];
  return call.emit({ kind: 'matrixProduct' }, '', operands);
}

function dotOfVectors(call: LayerCall, length: number): string {
  const product = call.emit({ kind: 'multiply' }, 'products');
  const row = call.emit({ kind: 'reshape', shape: [1, length], order: 'hwc' }, 'row', [product]);
  return call.emit({ kind: 'reduce', function: 'sum', axes: [1], keepDimensions: false }, '', [row]);
}

/** LayerNormalization over the last axis, in the operators that it is made of. */
export function layerNormalisation(call: LayerCall): string {
  const shape = call.shape();
  const last = shape.length - 1;
  const [axis, ...more] = [call.setting('axis') ?? -1].flat();
  if ((axis !== -1 && axis !== shape.length) || more.length > 0)
    cannot(`it normalises over the axes ${found(call.setting('axis'))}, expected the last one.`);
  const parts = [
    ...(call.flag('scale', true) ? ['gamma'] : []),
    ...(call.flag('center', true) ? ['beta'] : []),
  ];
  const weights = call.weights(parts.map((name) => ({ names: [name], shape: [shape[last]!] })));
  const mean: Operator = { kind: 'reduce', function: 'mean', axes: [last], keepDimensions: true };
  const plain = { kind: 'activation', alpha: 0, beta: 0 } as const;
  const centre = call.emit(mean, 'mean');
  const centred = call.emit(combination('subtract'), 'centred', [call.input, centre]);
  const squares = call.emit({ ...plain, function: 'square' }, 'squares', [centred]);
  const variance = call.emit(mean, 'variance', [squares]);
  const epsilon = constant(call, call.number('epsilon', 1e-3), 'epsilon');
  const above = call.emit({ kind: 'add' }, 'above_zero', [variance, epsilon]);
  const deviation = call.emit({ ...plain, function: 'sqrt' }, 'deviation', [above]);
  const isPlain = parts.length === 0;
  const divided = call.emit(combination('divide'), isPlain ? '' : 'divided', [centred, deviation]);
  return parts.reduce((value, name, index) => {
    const operand = call.emit({ kind: 'constant', value: weights[index]! }, name, []);
    const suffix = index === parts.length - 1 ? '' : 'scaled';
    return call.emit({ kind: name === 'gamma' ? 'multiply' : 'add' }, suffix, [value, operand]);
  }, divided);
}
