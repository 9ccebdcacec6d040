import { fail } from '../../../network/failure';
import { requireFewNodes } from '../../limits';
import { found, isObject, listAt, objectAt, textAt, unwrapped, type JsonObject } from './json';

/** One output of one call of a layer. */
export interface TensorReference {
  readonly layer: string;
  readonly call: number;
  readonly tensor: number;
}

/** What a function reads: a tensor, or a value that was written down. */
export type Operand = TensorReference | { readonly value: unknown };

/** One call of a layer. */
export interface CallSpec {
  /** The tensors that it reads. */
  readonly references: readonly TensorReference[];
  /** Tensors and values in the order of the arguments, values given by name left out. */
  readonly operands: readonly Operand[];
  /** Values given by name. */
  readonly settings: JsonObject;
}

/** Whether an operand is a tensor. */
export function isTensor(operand: Operand): operand is TensorReference {
  return 'layer' in operand;
}

/** One layer as a file describes it. */
export interface LayerSpec {
  readonly className: string;
  /** Where Keras 3 keeps the class; null where the file does not say. */
  readonly module: string | null;
  readonly name: string;
  readonly config: JsonObject;
  /** Each call of the layer; empty in a Sequential model, where a layer reads the one before. */
  readonly calls: readonly CallSpec[];
  /** The model that this layer is, where models are nested. */
  readonly model: ModelSpec | null;
  /** Input shape noted beside the layer (Keras 3 `build_config`), batch first. */
  readonly builtFor: unknown;
}

/** A Sequential or Functional model. */
export interface ModelSpec {
  readonly name: string;
  readonly isSequential: boolean;
  readonly layers: readonly LayerSpec[];
  readonly inputs: readonly TensorReference[];
  readonly outputs: readonly TensorReference[];
  /** Input shape noted in the model (Keras 3 `build_input_shape`), batch first. */
  readonly builtFor: unknown;
}

const modelClasses: ReadonlySet<string> = new Set(['Model', 'Functional', 'LayersModel']);
/** Models in models in models: deeper nesting than this is a file that means harm. */
const deepest = 16;

/**
 * Reads the description of a Sequential or Functional model as Keras 1 to 3 and TF.js write it.
 *
 * @param entry `{class_name, config}`, perhaps inside `model_config`
 * @throws FailureError `unreadable-file` with where it is not as expected
 */
export function modelSpec(entry: unknown, where: string, depth = 0): ModelSpec {
  const outer = objectAt(entry, where);
  const model = isObject(outer['model_config']) ? outer['model_config'] : outer;
  const className = textAt(model['class_name'], `${where}.class_name`);
  if (depth > deepest)
    fail(
      'unreadable-file',
      `${where}: expected models nested at most ${deepest} deep, found more; save a flatter one.`,
    );
  const place = `${where}.config`;
  if (className === 'Sequential') return sequential(model, place, depth);
  if (modelClasses.has(className) && isObject(model['config']) && 'layers' in model['config'])
    return functional(model['config'], place, depth);
  const expected = 'expected a Sequential or Functional model';
  const advice = 'models written as Python classes hold code; export such a model as ONNX';
  return fail('unreadable-file', `${where}: ${expected}, found one of the class "${className}"; ${advice}.`);
}

function sequential(model: JsonObject, where: string, depth: number): ModelSpec {
  const { config } = model;
  const fields: JsonObject = Array.isArray(config) ? { layers: config as unknown } : objectAt(config, where);
  const build = isObject(model['build_config']) ? model['build_config']['input_shape'] : undefined;
  return {
    name: typeof fields['name'] === 'string' ? fields['name'] : 'sequential',
    isSequential: true,
    layers: layerSpecs(fields['layers'], where, depth),
    inputs: [],
    outputs: [],
    builtFor: fields['build_input_shape'] ?? build,
  };
}

function functional(config: JsonObject, where: string, depth: number): ModelSpec {
  return {
    name: typeof config['name'] === 'string' ? config['name'] : 'model',
    isSequential: false,
    layers: layerSpecs(config['layers'], where, depth),
    inputs: references(config['input_layers'], `${where}.input_layers`),
    outputs: references(config['output_layers'], `${where}.output_layers`),
    builtFor: undefined,
  };
}

function layerSpecs(layers: unknown, where: string, depth: number): readonly LayerSpec[] {
  const list = listAt(layers, `${where}.layers`);
  requireFewNodes(list.length, 'layers');
  const specs = list.map((layer, index) => layerSpec(layer, `${where}.layers[${index}]`, depth));
  const names = new Set<string>();
  for (const { name } of specs) {
    if (names.has(name))
      fail(
        'unreadable-file',
        `${where}: expected names of their own for layers, found two called "${name}"; rename one and save it again.`,
      );
    names.add(name);
  }
  return specs;
}

function layerSpec(entry: unknown, where: string, depth: number): LayerSpec {
  const layer = objectAt(entry, where);
  const className = textAt(layer['class_name'], `${where}.class_name`);
  const isModel = className === 'Sequential' || modelClasses.has(className);
  const given = Array.isArray(layer['config']) ? {} : objectAt(layer['config'], `${where}.config`);
  const config = isModel ? given : (unwrapped(given) as JsonObject);
  const name = textAt(layer['name'] ?? config['name'] ?? className, `${where}.name`);
  const build = layer['build_config'];
  return {
    className,
    module: typeof layer['module'] === 'string' ? layer['module'] : null,
    name,
    config,
    calls: listAt(layer['inbound_nodes'] ?? [], `${where}.inbound_nodes`).map((node) =>
      callSpec(node, `layer "${name}"`),
    ),
    model: isModel ? modelSpec(layer, `layer "${name}"`, depth + 1) : null,
    builtFor: isObject(build) ? build['input_shape'] : undefined,
  };
}

/** One call: Keras 2's list of tensors, each perhaps with arguments by name, or the arguments of Keras 3. */
function callSpec(node: unknown, where: string): CallSpec {
  if (isObject(node)) return callOf([...operandsIn(node['args'], where)], node['kwargs'], where);
  const list = listAt(node, `${where}, inbound_nodes`);
  const entries = typeof list[0] === 'string' ? [list] : list;
  const operands = entries.map((entry) => olderOperand(entry, `${where}, inbound_nodes`));
  const named = entries.flatMap((entry) => (Array.isArray(entry) && isObject(entry[3]) ? [entry[3]] : []));
  return callOf(operands, Object.assign({}, ...named), where);
}

/** Tensors among the named arguments stand behind the others, as in `add(x, y=other)`. */
function callOf(operands: Operand[], named: unknown, where: string): CallSpec {
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isObject(named) ? named : {})) {
    const tensors = isHistory(value) ? [reference(value, where)] : operandsIn(value, where).filter(isTensor);
    for (const tensor of tensors) operands.push(tensor);
    if (tensors.length === 0) settings[key] = unwrapped(value);
  }
  return { operands, settings, references: operands.filter(isTensor) };
}

/** A constant among tensors, as Keras 2 writes it. */
const constantName = '_CONSTANT_VALUE';

function olderOperand(entry: unknown, where: string): Operand {
  if (Array.isArray(entry) && entry[0] === constantName) return { value: unwrapped(entry[2]) };
  return reference(entry, where);
}

/** Whether a value is a tensor as Keras 2 writes one: layer, call, tensor. */
function isHistory(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && isIndex(value[1]) && isIndex(value[2]);
}

/** Tensors, and values beside them; lists of numbers stay whole. */
function operandsIn(value: unknown, where: string): readonly Operand[] {
  if (Array.isArray(value) && value.some((part) => typeof part === 'object' && part !== null))
    return value.flatMap((part) => operandsIn(part, where));
  if (value === undefined) return [];
  if (!isObject(value)) return [{ value }];
  if (value['class_name'] !== '__keras_tensor__') {
    const tensors = Object.values(value).flatMap((part) => operandsIn(part, where).filter(isTensor));
    return tensors.length > 0 ? tensors : [{ value: unwrapped(value) }];
  }
  const config = objectAt(value['config'], where);
  return [reference(config['keras_history'], `${where}, keras_history`)];
}

/** Inputs or outputs of a model: one reference, a list of them, or a record of them. */
function references(value: unknown, where: string): readonly TensorReference[] {
  if (isObject(value)) return Object.values(value).flatMap((part) => references(part, where));
  const list = listAt(value, where);
  if (typeof list[0] === 'string') return [reference(list, where)];
  return list.flatMap((part) => references(part, where));
}

function reference(value: unknown, where: string): TensorReference {
  const [layer, call = 0, tensor = 0] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof layer === 'string' && isIndex(call) && isIndex(tensor)) return { layer, call, tensor };
  return fail(
    'unreadable-file',
    `${where}: expected [layer, call, tensor], found ${found(value)}; save it again.`,
  );
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
