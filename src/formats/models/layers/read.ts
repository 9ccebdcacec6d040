import { requireFewNodes } from '../../limits';
import { fail } from '../../../network/failure';
import type { Network, Operator, NetworkSource, Shape } from '../../../network/graph';
import { CannotCompute, cannot } from '../onnx/context';
import { sizedShape } from '../inputSize';
import type { ReadOptions } from '../reader';
import { LayerCall, type LayerConverter } from './call';
import { LayersContext } from './context';
import { foldPadding } from './foldPadding';
import { found } from './json';
import { converters } from './operators';
import { sequenceLayers, worksOnRows } from './operators/sequences';
import { functionNamed } from './operators/functions';
import { adviceFor } from './operators/unknown';
import { modelSpec, type CallSpec, type LayerSpec, type ModelSpec, type TensorReference } from './spec';
import type { LayerStep, WeightSource } from './weights';

/** A model's description and its weights, as a file format found them. */
export interface LayersFile {
  readonly topology: unknown;
  /** Where the description stands in the file, for sentences. */
  readonly where: string;
  readonly weights: WeightSource;
  /** Keras's version as the file states it, null where it does not. */
  readonly kerasVersion: string | null;
  readonly name: string;
  readonly format: Exclude<NetworkSource['format'], 'onnx'>;
  readonly metadata: Readonly<Record<string, string>>;
  /** What a person says beside the files. */
  readonly options: ReadOptions;
}

/**
 * Makes a network of a Keras or TF.js model. Nested models become one flat graph; layers that the studio
 * cannot compute become `unsupported` nodes with the reason, which is no failure here.
 *
 * @throws FailureError `unreadable-file` where the description or a weight is not as it must be
 */
export function networkOfLayers(file: LayersFile): Network {
  const model = modelSpec(file.topology, file.where);
  const isKeras3 = file.kerasVersion?.startsWith('3.') ?? false;
  const dialect = file.format === 'tfjs' ? 'tfjs' : 'keras';
  const context = new LayersContext(file.weights, isKeras3, dialect);
  const input = { name: context.uniqueName(inputName(model)), shape: inputShape(model, file.options) };
  context.shapes.set(input.name, input.shape);
  const answers = new ModelReader(context).run(model, [input.name], []);
  const outputs = answers.map((value) => context.settled(value));
  if (outputs.length === 0)
    fail('unreadable-file', 'expected a model with an output, found none; save it by model.save.');
  const nodes = foldPadding(context.nodes, outputs);
  const { name, format, metadata } = file;
  return { name, input, outputs, nodes, metadata, source: { format, batch: 'N' } };
}

/** The model's input layer, or where a Sequential model has none, its first layer's name. */
function inputName(model: ModelSpec): string {
  const [first] = model.layers;
  if (!model.isSequential) return model.inputs[0]?.layer ?? 'input';
  if (first?.model) return inputName(first.model);
  return first?.className === 'InputLayer' ? first.name : 'input';
}

/** Shape of the one input, batch left out. */
function inputShape(model: ModelSpec, options: ReadOptions): Shape {
  if (!model.isSequential && model.inputs.length !== 1)
    return fail(
      'unreadable-file',
      `expected a network with one input, found ${model.inputs.length}; save a classifier of images.`,
    );
  const given = givenShape(model);
  const extents = Array.isArray(given) ? (given as unknown[]).slice(1) : [];
  if (extents.length === 0)
    return fail(
      'unreadable-file',
      'expected a model that states its input shape, found none; build it with an Input layer and save it again.',
    );
  const isOpen = (extent: unknown) => extent === null || extent === -1;
  const isFixed = (extent: unknown): extent is number => Number.isInteger(extent) && (extent as number) >= 1;
  if (extents.every(isFixed)) return extents;
  const [height, width, channels] = extents;
  const isImage = extents.length === 3 && isFixed(channels);
  if (isImage && [height, width].every((extent) => isOpen(extent) || isFixed(extent))) {
    const known = (extent: unknown) => (isFixed(extent) ? extent : null);
    return sizedShape('input', [known(height), known(width), channels], found(given), options);
  }
  const advice = 'export the network with a fixed size, only the batch dynamic';
  return fail('unreadable-file', `input: expected a fixed size, found ${found(given)}; ${advice}.`);
}

/** The input shape, batch first, wherever a version of Keras notes it. */
function givenShape(model: ModelSpec): unknown {
  const first = model.isSequential
    ? model.layers[0]
    : model.layers.find(({ name }) => name === model.inputs[0]?.layer);
  const { config, builtFor } = first ?? {};
  const stated = config?.['batch_shape'] ?? config?.['batch_input_shape'];
  return stated ?? (first?.model ? givenShape(first.model) : undefined) ?? model.builtFor ?? builtFor;
}

/** Runs through a model's calls, nested models included, and adds the nodes of each. */
class ModelReader {
  constructor(private readonly context: LayersContext) {}

  run(model: ModelSpec, inputs: readonly string[], path: readonly LayerStep[]): readonly string[] {
    return model.isSequential ? this.sequential(model, inputs, path) : this.functional(model, inputs, path);
  }

  private sequential(
    model: ModelSpec,
    inputs: readonly string[],
    path: readonly LayerStep[],
  ): readonly string[] {
    return model.layers.reduce<readonly string[]>((values, layer, index) => {
      const next = model.layers[index + 1];
      const step = { siblings: model.layers, index };
      return this.call(layer, values, [...path, step], next?.className === 'Permute');
    }, inputs);
  }

  private functional(
    model: ModelSpec,
    inputs: readonly string[],
    path: readonly LayerStep[],
  ): readonly string[] {
    const plan = new CallPlan(model);
    const answers = new Map<string, readonly string[]>();
    for (const [index, { layer, tensor }] of model.inputs.entries()) {
      requireFewNodes(tensor + 1, `outputs of layer "${layer}"`);
      answers.set(`${layer} 0`, Array<string>(tensor + 1).fill(inputs[index]!));
    }
    for (const { layer, call } of plan.inOrder()) {
      const key = `${layer} ${call}`;
      if (answers.has(key)) continue;
      const index = plan.positionOf(layer);
      const spec = model.layers[index]!;
      const callSpec = spec.calls[call]!;
      const values = callSpec.references.map((reference) => plan.valueOf(reference, answers));
      const step = { siblings: model.layers, index };
      answers.set(key, this.call(spec, values, [...path, step], plan.isPermutedNext(layer), callSpec));
    }
    return model.outputs.map((reference) => plan.valueOf(reference, answers));
  }

  private call(
    layer: LayerSpec,
    inputs: readonly string[],
    path: readonly LayerStep[],
    permutedNext: boolean,
    spec: CallSpec = inARow,
  ): readonly string[] {
    this.context.countCall();
    if (layer.className === 'InputLayer') return inputs;
    if (layer.model) return this.run(layer.model, inputs, path);
    const isRow = worksOnRows.has(layer.className) && inputs.every((value) => this.context.isRow(value));
    const isOrdered =
      countsElements.has(layer.className) && !inputs.some((value) => this.context.isRow(value));
    const reads = isRow || isOrdered ? inputs : inputs.map((value) => this.context.settled(value));
    const call = new LayerCall(layer, spec, path, reads, this.context, layer.name, permutedNext);
    const before = this.context.nodes.length;
    try {
      const converter = converterOf(layer) ?? cannot(adviceFor(layer.className));
      const values = [converter(call)].flat();
      if (isRow || sequenceLayers.has(layer.className))
        for (const value of values) this.context.markRow(value);
      return values;
    } catch (error) {
      if (!(error instanceof CannotCompute)) throw error;
      const isBegun = this.context.nodes.length > before;
      const read = isBegun
        ? [this.context.nodes.at(-1)!.output]
        : inputs.map((value) => this.context.settled(value));
      const root = converterOf(layer) ? this.context.blocked.rootOf(read) : null;
      const behind = root === null ? {} : { behind: root };
      const stated = { operator: call.className, reason: error.message, ...behind };
      const operator: Operator = { kind: 'unsupported', ...stated };
      return [call.emit(operator, '', read)];
    }
  }
}

/** That of a layer; operations of Keras 3 that are no layers are functions. */
function converterOf({ className, module }: LayerSpec): LayerConverter | undefined {
  const isOperation = module !== null && /(^|\.)ops(\.|$)/.test(module);
  return isOperation ? functionNamed(className) : (converters.get(className) ?? functionNamed(className));
}

/** A layer of a Sequential model reads the one before. */
const before = { layer: '', call: 0, tensor: 0 };
const inARow: CallSpec = { references: [before], operands: [before], settings: {} };

/** Classes that deal with the order in which an image is counted; others get its axes reordered before them. */
const countsElements: ReadonlySet<string> = new Set(['Flatten', 'Reshape', 'Permute']);

function readBy({ references }: CallSpec): readonly TensorReference[] {
  return references;
}

/** In which order the calls of a Functional model are made, and which value is which. */
class CallPlan {
  private readonly positions: ReadonlyMap<string, number>;
  private readonly offsets = new Map<string, number>();
  /** Places of the layers that read each layer. */
  private readonly readers = new Map<string, Set<number>>();
  private readonly inputs: ReadonlySet<string>;
  private readonly answers: ReadonlySet<string>;

  constructor(private readonly model: ModelSpec) {
    this.positions = new Map(model.layers.map(({ name }, index) => [name, index]));
    // A nested model counts the call that made it, so that in its outer model its calls begin at 1.
    for (const { layer, call } of this.references()) {
      this.offsets.set(layer, Math.min(call, this.offsets.get(layer) ?? call));
    }
    for (const [index, { calls }] of model.layers.entries()) {
      for (const { layer } of calls.flatMap(readBy))
        this.readers.set(layer, (this.readers.get(layer) ?? new Set()).add(index));
    }
    this.inputs = new Set(model.inputs.map(({ layer }) => layer));
    this.answers = new Set(model.outputs.map(({ layer }) => layer));
  }

  private references(): readonly TensorReference[] {
    return [...this.model.layers.flatMap(({ calls }) => calls.flatMap(readBy)), ...this.model.outputs];
  }

  positionOf(layer: string): number {
    return (
      this.positions.get(layer) ??
      fail('unreadable-file', `expected a layer "${layer}", which is read, found none; save it again.`)
    );
  }

  /** Whether a Permute is the only reader of a layer. */
  isPermutedNext(layer: string): boolean {
    const [reader, ...others] = this.readers.get(layer) ?? [];
    const isAlone = reader !== undefined && others.length === 0 && !this.answers.has(layer);
    return isAlone && this.model.layers[reader]!.className === 'Permute';
  }

  private callOf({ layer, call }: TensorReference): number {
    const spec = this.model.layers[this.positionOf(layer)]!;
    const own = spec.model ? call - Math.min(1, this.offsets.get(layer) ?? 0) : call;
    const isInput = this.inputs.has(layer);
    if (own < spec.calls.length || (isInput && own === 0)) return own;
    return fail(
      'unreadable-file',
      `layer "${layer}": expected call ${call}, which is read, found ${spec.calls.length}; save it again.`,
    );
  }

  valueOf(reference: TensorReference, answers: ReadonlyMap<string, readonly string[]>): string {
    const values = answers.get(`${reference.layer} ${this.callOf(reference)}`) ?? [];
    return (
      values[reference.tensor] ??
      fail(
        'unreadable-file',
        `layer "${reference.layer}": expected output ${reference.tensor}, found ${values.length}; save it again.`,
      )
    );
  }

  /** The calls that the outputs need, each after those it reads from. */
  inOrder(): readonly { readonly layer: string; readonly call: number }[] {
    const order: { layer: string; call: number }[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const stack = [...this.model.outputs].reverse().map((reference) => ({ reference, isLeaving: false }));
    while (stack.length > 0) {
      const { reference, isLeaving } = stack.pop()!;
      const call = this.callOf(reference);
      const { layer } = reference;
      const key = `${layer} ${call}`;
      if (isLeaving) {
        state.set(key, 'done');
        order.push({ layer, call });
        continue;
      }
      if (state.get(key) === 'done') continue;
      if (state.get(key) === 'open')
        fail(
          'unreadable-file',
          `layer "${layer}": expected layers in an order, found that they form a circle; save the network again.`,
        );
      state.set(key, 'open');
      stack.push({ reference, isLeaving: true });
      const reads = this.model.layers[this.positionOf(layer)]!.calls[call]?.references ?? [];
      for (const read of [...reads].reverse()) stack.push({ reference: read, isLeaving: false });
    }
    return this.inFileOrder(order);
  }

  /** Keras writes layers in an order in which they can be called; keep it where it is one. */
  private inFileOrder(order: readonly { layer: string; call: number }[]) {
    const sorted = [...order].sort(
      (a, b) => this.positionOf(a.layer) - this.positionOf(b.layer) || a.call - b.call,
    );
    const seen = new Set<string>();
    const isInOrder = sorted.every(({ layer, call }) => {
      seen.add(`${layer} ${call}`);
      const reads = this.model.layers[this.positionOf(layer)]!.calls[call]?.references ?? [];
      return reads.every((read) => seen.has(`${read.layer} ${this.callOf(read)}`));
    });
    return isInOrder ? sorted : order;
  }
}
