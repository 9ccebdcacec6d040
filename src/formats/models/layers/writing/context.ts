import { fail } from '../../../../network/failure';
import type { GraphNode, Network, Shape, Stored, Tensor } from '../../../../network/graph';
import { inferShapes } from '../../../../network/shapes';
import type { JsonObject } from '../json';
import { knownShape } from '../../valueShapes';

/** Where the layers are meant to be read: TF.js knows fewer of them than Keras. */
export type Dialect = 'tfjs' | 'keras';

/** A weight of a layer, in Keras's order and by Keras's name. */
export interface WrittenWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
  /** How it may be held in fewer bits, in the same order. */
  readonly stored?: Stored;
}

/** A layer to be written, called once. */
export interface WrittenLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** Names of the layers it reads. */
  readonly inputs: readonly string[];
  readonly weights: readonly WrittenWeight[];
}

interface LayerDraft {
  readonly config?: JsonObject;
  readonly inputs?: readonly string[];
  readonly weights?: readonly WrittenWeight[];
  /** Goes behind the node's name where the node becomes several layers. */
  readonly suffix?: string;
}

/** Gathers the layers of the network that is being written. */
export class WriteContext {
  readonly layers: WrittenLayer[] = [];
  /** The layer that answers each value written so far. */
  private readonly answers = new Map<string, string>();
  private readonly constants = new Map<string, Tensor>();
  private readonly taken = new Set<string>();
  private readonly writers: ReadonlyMap<string, GraphNode>;
  private readonly shapes: ReadonlyMap<string, Shape>;

  constructor(
    readonly dialect: Dialect,
    network: Network,
  ) {
    this.shapes = inferShapes(network).shapes;
    this.writers = new Map(network.nodes.map((node) => [node.output, node]));
    for (const { output, operator } of network.nodes)
      if (operator.kind === 'constant') this.constants.set(output, operator.value);
  }

  shape(value: string): Shape {
    return knownShape(this.shapes, value);
  }

  constant(value: string): Tensor | undefined {
    return this.constants.get(value);
  }

  /** The node that writes a value; none writes the network's input. */
  writer(value: string): GraphNode | undefined {
    return this.writers.get(value);
  }

  /** The layer that answers a value. */
  layerOf(value: string, reader: string): string {
    return (
      this.answers.get(value) ??
      fail(
        'unsupported-operator',
        `${reader}: expected values that layers hold, found the constant "${value}"; write ONNX.`,
      )
    );
  }

  /** Says which layer answers a value. */
  answer(value: string, layer: string): void {
    this.answers.set(value, layer);
  }

  /** Layers that a node reads, in its order. */
  inputsOf(node: GraphNode): readonly string[] {
    return node.inputs.map((value) => this.layerOf(value, node.name));
  }

  /** Adds a layer, reading what its node reads unless told otherwise. @returns its name */
  add(node: GraphNode, className: string, draft: LayerDraft = {}): string {
    const { config = {}, weights = [], suffix = '' } = draft;
    const inputs = draft.inputs ?? this.inputsOf(node);
    const name = this.layerName(node.name + suffix);
    this.layers.push({ className, name, config: { name, trainable: true, ...config }, inputs, weights });
    return name;
  }

  /** A name like this one that Keras allows and no layer has, capitals aside. */
  layerName(wanted: string): string {
    const allowed = wanted.replace(/[^A-Za-z0-9_.-]+/g, '_').replace(/^(?![A-Za-z0-9])/, 'layer');
    let name = allowed;
    for (let count = 2; this.taken.has(name.toLowerCase()); count++) name = `${allowed}_${count}`;
    this.taken.add(name.toLowerCase());
    return name;
  }
}

/** Stops with a sentence that names the layer which the format cannot hold. */
export function cannotWrite(context: WriteContext, node: GraphNode, reason: string): never {
  const title = context.dialect === 'tfjs' ? 'TF.js LayersModel' : 'Keras';
  return fail(
    'unsupported-operator',
    `Layer "${node.name}" cannot be written for ${title}: ${reason}; choose ONNX.`,
  );
}
