import { layers, tf } from './tfLayers';

const make = layers.layers;

/** What a layer that only Keras has computes of its inputs and weights, in the words of TF.js. */
export interface Computed {
  readonly compute: (inputs: tf.Tensor[], weights: tf.Tensor[]) => tf.Tensor;
  /** The same shape unless given. */
  readonly shape?: (shape: layers.Shape) => layers.Shape;
  /** Shapes of weights by name. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

/** A layer that only Keras has; in the file it becomes what it stands for. */
export class KerasLayer extends make.Layer {
  static readonly className = 'KerasLayer';

  constructor(private readonly computed: Computed) {
    super({});
  }

  override build(shape: layers.Shape | layers.Shape[]): void {
    for (const [name, extents] of Object.entries(this.computed.weights ?? {}))
      this.addWeight(name, [...extents], 'float32', layers.initializers.zeros());
    super.build(shape);
  }

  override computeOutputShape(shape: layers.Shape | layers.Shape[]): layers.Shape {
    const first = Array.isArray(shape[0]) ? shape[0] : (shape as layers.Shape);
    return this.computed.shape?.(first) ?? first;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const all = Array.isArray(inputs) ? inputs : [inputs];
    return this.computed.compute(
      all,
      this.weights.map((weight) => weight.read()),
    );
  }
}

/** The layer of a saved model that becomes another one, as JSON. */
export interface SavedLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly unknown[];
}

/** How saved layers become those that TF.js does not have, by the names of the layers. */
export type Changes = Record<string, (layer: SavedLayer) => SavedLayer>;

/** Settings of a layer that only Keras has. */
export const configured =
  (className: string, config: Readonly<Record<string, unknown>>) =>
  (layer: SavedLayer): SavedLayer => ({
    ...layer,
    class_name: className,
    config: { ...layer.config, ...config },
  });

/** A function among layers as Keras 2 writes it: what it is given besides the value stands with the reference. */
export const functional =
  (className: string, name: string, given: Readonly<Record<string, unknown>>) =>
  (layer: SavedLayer): SavedLayer => {
    const [[[input]]] = layer.inbound_nodes as [[[unknown]]];
    const config = { ...layer.config, function: name };
    return { ...layer, class_name: className, config, inbound_nodes: [[input, 0, 0, given]] };
  };

type NamedFunction = readonly [
  name: string,
  given: Readonly<Record<string, unknown>>,
  compute: (x: tf.Tensor) => tf.Tensor,
];

/** Some functions of TensorFlow that keep the shape. */
export const functions: readonly NamedFunction[] = [
  ['__operators__.add', { y: 3 }, (x) => tf.add(x, 3)],
  ['math.subtract', { y: 0.25 }, (x) => tf.sub(x, 0.25)],
  ['math.multiply', { y: 1 / 6 }, (x) => tf.mul(x, 1 / 6)],
  ['math.truediv', { y: 2 }, (x) => tf.div(x, 2)],
  ['math.maximum', { y: 0.125 }, (x) => tf.maximum(x, 0.125)],
  ['clip_by_value', { clip_value_min: -0.5, clip_value_max: 0.5 }, (x) => tf.clipByValue(x, -0.5, 0.5)],
  ['nn.relu', {}, (x) => tf.relu(x)],
  ['nn.relu6', {}, (x) => tf.relu6(x)],
  ['nn.silu', {}, (x) => tf.mul(x, tf.sigmoid(x))],
  ['math.square', {}, (x) => tf.square(x)],
  ['math.exp', {}, (x) => tf.exp(x)],
  ['math.negative', {}, (x) => tf.neg(x)],
];
