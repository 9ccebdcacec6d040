import { fail } from '../../../../network/failure';
import type { GraphNode, Shape } from '../../../../network/graph';
import { channelAxis } from '../axes';
import type { LayerInput } from '../schema';
import { knownShape } from '../../valueShapes';

/** Gathers the layers of the net that is being written. */
export class CaffeWriter {
  readonly layers: LayerInput[] = [];
  private readonly names: Set<string>;

  /**
   * @param shapes shape of every value, NHWC without batch
   * @param nodes whose names must not be repeated by names made up here
   */
  constructor(
    private readonly shapes: ReadonlyMap<string, Shape>,
    nodes: readonly GraphNode[],
  ) {
    this.names = new Set(nodes.map(({ name }) => name));
  }

  /** Shape of a value of the network. */
  shape(value: string): Shape {
    return knownShape(this.shapes, value);
  }

  /** Adds a layer in a node's place. */
  layer(node: GraphNode, type: string, settings: LayerInput = {}): void {
    this.layers.push({ name: node.name, type, bottom: [...node.inputs], top: [node.output], ...settings });
  }

  /** Adds a layer that works on a node's answer in place. */
  after(node: GraphNode, suffix: string, type: string, settings: LayerInput = {}): void {
    const blobs = { bottom: [node.output], top: [node.output] };
    this.layers.push({ name: this.unused(`${node.name}_${suffix}`), type, ...blobs, ...settings });
  }

  /** Adds a layer that helps a node's own. */
  beside(node: GraphNode, suffix: string, type: string, settings: LayerInput): void {
    this.layers.push({ name: this.unused(`${node.name}_${suffix}`), type, ...settings });
  }

  private unused(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.names.has(name); count++) name = `${wanted}${count}`;
    this.names.add(name);
    return name;
  }
}

/** Stops because Caffe has nothing like the node. */
export function cannotWrite({ name, operator }: GraphNode, reason: string): never {
  return fail(
    'unsupported-operator',
    `Node "${name}" (${operator.kind}) cannot be written for Caffe: ${reason}; write ONNX instead.`,
  );
}

/** Stops where what lies last here is not Caffe's axis 1, for a layer that knows no other. */
export function requireFirstAxis(node: GraphNode, writer: CaffeWriter): void {
  const rank = writer.shape(node.output).length;
  if (channelAxis(rank) !== 1)
    cannotWrite(node, `it works along the last of ${rank} axes, and Caffe's layer along the first`);
}

/** Weights with their extents. */
export function blobInput(dim: readonly number[], data: Float32Array) {
  return { shape: { dim: [...dim] }, data };
}
