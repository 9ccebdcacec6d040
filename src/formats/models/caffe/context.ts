import { FailureError } from '../../../network/failure';
import type { GraphNode, Operator, Shape } from '../../../network/graph';
import { outputShape } from '../../../network/shapes';
import { requireFewNodes } from '../../limits';
import { BlockedValues } from '../blocked';
import { cannot } from '../onnx/context';
import type { Blob } from './blobs';

/** What is known about a net while its layers are read one after the other. */
export class CaffeContext {
  readonly nodes: GraphNode[] = [];
  readonly blocked = new BlockedValues();
  /** Shapes of the values read so far, NHWC without batch. */
  readonly shapes = new Map<string, Shape>();
  /** The value that a blob's name stands for at this point: a layer may write what it reads. */
  private readonly values = new Map<string, string>();
  private readonly names = new TakenNames();
  private readonly written = new TakenNames();

  /** @param weightsOf blobs of a layer by its name; null where the file with the weights has no such layer */
  constructor(readonly weightsOf: (layer: string) => readonly Blob[] | null) {}

  /** Makes the input known. */
  begin(name: string, shape: Shape): void {
    this.written.add(name);
    this.values.set(name, name);
    this.shapes.set(name, shape);
  }

  /** The value that a blob's name stands for now. */
  value(blob: string): string {
    return this.values.get(blob) ?? blob;
  }

  /** Lets a blob's name stand for a value that is already there. */
  alias(blob: string, value: string): void {
    this.values.set(blob, value);
  }

  /**
   * Appends a node that writes a blob.
   * @returns the name of the value it writes
   */
  emit(layer: string, blob: string, inputs: readonly string[], operator: Operator): string {
    const output = this.written.unused(blob, layer);
    const name = this.names.unused(layer, layer);
    const node: GraphNode = { name, inputs, output, operator };
    const shapes = inputs.map((input) => this.shapes.get(input));
    if (operator.kind !== 'unsupported' && shapes.every((shape) => shape !== undefined)) {
      this.shapes.set(output, shapeOrCannot(node, shapes));
    }
    this.names.add(name);
    this.written.add(output);
    this.nodes.push(node);
    requireFewNodes(this.nodes.length, 'layers');
    this.blocked.note(node);
    this.values.set(blob, output);
    return output;
  }

  /** Puts another operator in the place of the node that was appended last. */
  replaceLast(operator: Operator): void {
    this.nodes.push({ ...this.nodes.pop()!, operator });
  }
}

/** Names that are taken. */
class TakenNames {
  private readonly names = new Set<string>();
  private readonly counts = new Map<string, number>();

  add(name: string): void {
    this.names.add(name);
  }

  /** The name itself, or with the layer's name and then a number behind it where it is taken. */
  unused(wanted: string, layer: string): string {
    if (!this.names.has(wanted)) return wanted;
    const behind = `${wanted}/${layer}`;
    if (wanted !== layer && !this.names.has(behind)) return behind;
    let count = Math.max(wanted === layer ? 2 : 3, this.counts.get(wanted) ?? 0);
    while (this.names.has(`${wanted}_${count}`)) count++;
    this.counts.set(wanted, count);
    return `${wanted}_${count}`;
  }
}

function shapeOrCannot(node: GraphNode, shapes: readonly Shape[]): Shape {
  try {
    return outputShape(node, shapes);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return cannot(error.message.replace(/^Node "[^"]*" \([^)]*\): /, ''));
  }
}
