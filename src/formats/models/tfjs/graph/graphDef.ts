import type { Activation, DynamicQuantise, Quantise } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import { flagIn, found, isObject, listAt, objectAt, textAt, type JsonObject } from '../../layers/json';

/** One node of a TensorFlow graph, however its file writes it down. */
export interface SourceNode {
  /** Unique; its first value bears it, too. */
  readonly name: string;
  /** TensorFlow's name of the operator. */
  readonly op: string;
  /** What the file calls the operator, where that is something else. */
  readonly title?: string;
  /** Values it reads: `node` or `node:output`. */
  readonly inputs: readonly string[];
  /** What its value goes through at once. */
  readonly after?: readonly (Activation | Quantise | DynamicQuantise)[];
  text(key: string, defaults: string): string;
  flag(key: string, defaults: boolean): boolean;
  number(key: string, defaults: number): number;
  /** A list of whole numbers; empty where there is none. */
  integers(key: string): readonly number[];
  /** A list of texts; empty where there is none. */
  texts(key: string): readonly string[];
  /** Extents of a shape attribute, −1 for one that may change; null where the shape is not known. */
  shape(key: string): readonly number[] | null;
}

/** One node of a TensorFlow graph as TF.js writes it to JSON (`tensorflow.NodeDef`). */
export class GraphDefNode implements SourceNode {
  readonly name: string;
  readonly op: string;
  /** Values it reads: `node` or `node:output`; control inputs left out. */
  readonly inputs: readonly string[];
  private readonly attributes: JsonObject;

  constructor(value: unknown, where: string) {
    const node = objectAt(value, where);
    this.name = textAt(node['name'], `${where}.name`);
    this.op = textAt(node['op'], `${where}.op`);
    const place = `node "${this.name}"`;
    const inputs = listAt(node['input'] ?? [], `${place}, input`).map((input) =>
      textAt(input, `${place}, input`),
    );
    this.inputs = inputs.filter((input) => !input.startsWith('^')).map(valueName);
    this.attributes = isObject(node['attr']) ? node['attr'] : {};
  }

  /** A text attribute; texts are written as base64. */
  text(key: string, defaults: string): string {
    const value = this.field(key, 's');
    return value === undefined ? defaults : decodedText(value);
  }

  flag(key: string, defaults: boolean): boolean {
    const value = this.field(key, 'b') ?? this.field(key, 'i');
    if (value === undefined) return defaults;
    return flagIn(value) ?? cannot(`its ${key} is ${found(value)}, expected true or false.`);
  }

  number(key: string, defaults: number): number {
    const value = this.field(key, 'f') ?? this.field(key, 'i');
    return value === undefined ? defaults : numberOf(value, key);
  }

  integers(key: string): readonly number[] {
    const list = this.field(key, 'list');
    const values: unknown = isObject(list) ? (list['i'] ?? []) : [];
    return Array.isArray(values) ? values.map((value) => numberOf(value, key)) : [];
  }

  texts(key: string): readonly string[] {
    const list = this.field(key, 'list');
    const values: unknown = isObject(list) ? (list['s'] ?? []) : [];
    return Array.isArray(values) ? values.map(decodedText) : [];
  }

  shape(key: string): readonly number[] | null {
    return shapeOf(this.field(key, 'shape'));
  }

  private field(key: string, kind: string): unknown {
    const attribute = this.attributes[key];
    return isObject(attribute) ? attribute[kind] : undefined;
  }
}

/** Extents of a `TensorShapeProto`, −1 for one that may change; null where there is none. */
export function shapeOf(shape: unknown): readonly number[] | null {
  if (!isObject(shape) || shape['unknownRank'] === true) return null;
  const dimensions: unknown = shape['dim'] ?? [];
  if (!Array.isArray(dimensions)) return null;
  return dimensions.map((dimension) => (isObject(dimension) ? Number(dimension['size'] ?? 0) : NaN));
}

/** "node:0" is "node". */
export function valueName(input: string): string {
  return input.replace(/:0$/, '');
}

function numberOf(value: unknown, key: string): number {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : cannot(`its ${key} is ${found(value)}, expected a number.`);
}

/** Base64 as protobuf's JSON has it, or a list of character codes as older converters wrote it. */
function decodedText(value: unknown): string {
  if (Array.isArray(value)) return Array.from(value, (code) => String.fromCharCode(Number(code))).join('');
  if (typeof value !== 'string') return cannot(`expected a text, found ${found(value)}.`);
  try {
    return atob(value);
  } catch {
    return cannot(`expected a text in base64, found ${found(value)}.`);
  }
}
