import type { Extent, Operator, Padding, Shape, Tensor } from '../../../network/graph';
import { shapeText, sizeOf } from '../../../network/shapes';
import { cannot } from '../onnx/context';
import type { LayersContext } from './context';
import { flagIn, found, isObject, numberIn } from './json';
import { isTensor, type CallSpec, type LayerSpec } from './spec';
import { takeWeights, type LayerStep, type WantedWeight } from './weights';

const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** One call of a layer: its settings, its inputs and where its nodes go. */
export class LayerCall {
  constructor(
    readonly layer: LayerSpec,
    readonly spec: CallSpec,
    readonly path: readonly LayerStep[],
    readonly inputs: readonly string[],
    readonly context: LayersContext,
    /** Name for the layer's first node. */
    readonly name: string,
    /** Whether a Permute and nothing else reads this call's answer: Reshape and Permute make one node. */
    readonly permutedNext: boolean,
  ) {}

  /** Adds a node that reads the call's inputs unless told otherwise. */
  emit(operator: Operator, suffix = '', inputs = this.inputs): string {
    const name = suffix === '' ? this.name : `${this.name}/${suffix}`;
    const place = JSON.stringify([this.path.map(({ siblings, index }) => siblings[index]!.name), suffix]);
    return this.context.emit(name, inputs, this.context.onceRead(place, operator));
  }

  /** What a person calls the layer: its class, of a function its name as well. */
  get className(): string {
    const { className, config } = this.layer;
    const name = config['function'];
    return typeof name === 'string' ? `${className} ${name}` : className;
  }

  /** A setting of the call, else of the layer; undefined where neither has it. */
  setting(key: string): unknown {
    return this.spec.settings[key] ?? this.layer.config[key];
  }

  /** What a function is given in the order of its arguments: names of values and, apart from them, written values. */
  get operands(): readonly (string | { readonly value: unknown })[] {
    let next = 0;
    return this.spec.operands.map((operand) =>
      isTensor(operand) ? (this.inputs[next++] ?? cannot('an input is missing.')) : operand,
    );
  }

  /** The value that the layer reads first. */
  get input(): string {
    return this.inputs[0] ?? cannot('it reads nothing.');
  }

  /** Shape of an input. Gives up where it lies behind something that cannot be computed. */
  shape(index = 0): Shape {
    const value = this.inputs[index] ?? cannot('an input is missing.');
    return this.context.shapes.get(value) ?? cannot('the shape of its input is not known.');
  }

  /** Shape of the one image that the layer reads. */
  imageShape(): Shape {
    const shape = this.shape();
    if (this.text('data_format', 'channels_last') !== 'channels_last')
      cannot('its images have their channels first; the studio reads channels_last.');
    return shape.length === 3 ? shape : cannot(`it reads images, found ${shapeText(shape)}.`);
  }

  number(key: string, defaults: number): number {
    const value = this.setting(key) ?? defaults;
    return numberIn(value) ?? cannot(`its ${key} is ${found(value)}, expected a number.`);
  }

  flag(key: string, defaults: boolean): boolean {
    const value = this.setting(key) ?? defaults;
    return flagIn(value) ?? cannot(`its ${key} is ${found(value)}, expected true or false.`);
  }

  text(key: string, defaults: string): string {
    const value = this.setting(key) ?? defaults;
    return typeof value === 'string' ? value : cannot(`its ${key} is ${found(value)}, expected a text.`);
  }

  /** A whole number of at least 1. */
  count(key: string, defaults?: number): number {
    const value = this.setting(key) ?? defaults;
    return isCount(value)
      ? value
      : cannot(`its ${key} is ${found(value)}, expected a whole number from 1 up.`);
  }

  /** Height and width given as one number or as two. */
  extent(key: string, defaults?: Extent): Extent {
    const value = this.setting(key);
    if ((value === undefined || value === null) && defaults) return defaults;
    if (isCount(value)) return { height: value, width: value };
    const [height, width, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
    if (isCount(height) && isCount(width) && more.length === 0) return { height, width };
    return cannot(`its ${key} is ${found(value)}, expected one or two whole numbers from 1 up.`);
  }

  /** Number of axes of what the layer reads, as its file counts them, batch left out. */
  get axes(): number {
    return this.context.isRow(this.input) ? 2 : this.shape().length;
  }

  /** A length given as one number, or as a list of one. */
  length(key: string, defaults?: number): number {
    const given = this.setting(key) ?? defaults;
    const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
    return isCount(value)
      ? value
      : cannot(`its ${key} is ${found(given)}, expected a whole number from 1 up.`);
  }

  /** The `padding` setting of a sliding window, worked out for the input's size; an odd cell goes to the end. */
  windowPadding(window: Extent, stride: Extent, dilation: Extent): Padding {
    const mode = this.text('padding', 'valid').toLowerCase();
    if (mode === 'valid') return noPadding;
    if (mode !== 'same') cannot(`its padding "${mode}" is not known; the studio reads "same" and "valid".`);
    return samePadding(this.imageShape(), window, stride, dilation);
  }

  /** The layer's weights, shapes checked, in the order asked for. */
  weights(wanted: readonly WantedWeight[]): readonly Tensor[] {
    for (const { shape } of wanted) this.context.count(sizeOf(shape));
    return takeWeights(this.context.weights, this.path, wanted);
  }

  /** The name in a setting that is a name or an object with one (Keras 3 and custom classes). */
  functionNamed(key: string): { readonly name: string; readonly config: Readonly<Record<string, unknown>> } {
    return functionOf(this.setting(key));
  }
}

function functionOf(value: unknown): { name: string; config: Readonly<Record<string, unknown>> } {
  if (value === null || value === undefined) return { name: 'linear', config: {} };
  if (typeof value === 'string') return { name: value, config: {} };
  if (!isObject(value)) return cannot(`its activation is ${found(value)}, expected a name.`);
  const { class_name: className, config } = value;
  if (className === 'function' && typeof config === 'string') return { name: config, config: {} };
  if (typeof className !== 'string') return cannot(`its activation is ${found(value)}, expected a name.`);
  return { name: className, config: isObject(config) ? config : {} };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

/** Padding with which a window answers input / stride, rounded up; the odd cell goes to the end (TensorFlow). */
export function samePadding(input: Shape, window: Extent, stride: Extent, dilation: Extent): Padding {
  const split = (extent: number, axis: keyof Extent): [number, number] => {
    const span = (window[axis] - 1) * dilation[axis] + 1;
    const all = Math.max(0, (Math.ceil(extent / stride[axis]) - 1) * stride[axis] + span - extent);
    const before = Math.floor(all / 2);
    return [before, all - before];
  };
  const [top, bottom] = split(input[0]!, 'height');
  const [left, right] = split(input[1]!, 'width');
  return { top, bottom, left, right };
}

/** Adds the nodes of one call of a layer and returns the names of the values it answers with, mostly one. */
export type LayerConverter = (call: LayerCall) => string | readonly string[];
