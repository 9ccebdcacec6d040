import { fail } from '../../../network/failure';
import type { Operator, Shape } from '../../../network/graph';
import { cannot } from '../onnx/context';
import type { Blob } from './blobs';
import type { CaffeContext } from './context';
import type { LayerMessage } from './schema';

/** One layer of a net with typed access to its inputs and weights. */
export class CaffeLayer {
  readonly name: string;
  readonly type: string;

  constructor(
    readonly message: LayerMessage,
    readonly context: CaffeContext,
  ) {
    this.name = message.name ?? '';
    this.type = message.type ?? '';
  }

  /** Values that the layer reads. */
  get inputs(): readonly string[] {
    return this.message.bottom.map((blob) => this.context.value(blob));
  }

  /** The value that it reads first. */
  get input(): string {
    return this.inputs[0] ?? cannot('it reads nothing.');
  }

  shape(index = 0): Shape {
    const value = this.inputs[index] ?? cannot(`input ${index + 1} is missing.`);
    return this.context.shapes.get(value) ?? cannot(`the shape of its input "${value}" is not known.`);
  }

  /** Shape of an input that must be an image. */
  imageShape(): Shape {
    const shape = this.shape();
    return shape.length === 3
      ? shape
      : cannot(`it is known for images only, found a vector of ${shape.join('×')}.`);
  }

  /** Number of channels of an image, or of values of a vector. */
  get channels(): number {
    return this.shape().at(-1)!;
  }

  /** Appends a node that reads the layer's inputs unless told otherwise and writes its first blob. */
  emit(operator: Operator, inputs: readonly string[] = [this.input]): string {
    return this.context.emit(this.name, this.message.top[0] ?? this.name, inputs, operator);
  }

  /** Appends a node in front of the layer's own and returns the value between the two. */
  emitBefore(suffix: string, operator: Operator, inputs: readonly string[] = [this.input]): string {
    const name = `${this.name}/${suffix}`;
    return this.context.emit(name, name, inputs, operator);
  }

  /** Appends a node that writes one of the layer's blobs, which is the index-th. */
  emitTop(index: number, blob: string, operator: Operator, inputs: readonly string[]): string {
    return this.context.emit(index === 0 ? this.name : `${this.name}/${index + 1}`, blob, inputs, operator);
  }

  /** Number of weights that the file has for the layer. */
  get blobCount(): number {
    return this.context.weightsOf(this.name)?.length ?? 0;
  }

  /**
   * Weights of the layer, which must have these extents; ones in front or behind do not count.
   *
   * @throws FailureError `unreadable-file` where they are missing or of another size
   */
  weights(index: number, what: string, dims: readonly number[]): Float32Array {
    const blob = this.context.weightsOf(this.name)?.[index];
    const expected = `layer "${this.name}" (${this.type}): expected a ${what} of ${dims.join('×')}`;
    const advice = 'the two files seem not to belong together';
    if (!blob) {
      return fail('unreadable-file', `${expected}, found none in the .caffemodel; ${advice}.`);
    }
    const found = product(blob.dims) === blob.data.length;
    if (!found || !isSame(blob, dims)) {
      const size = found ? blob.dims.join('×') : `${blob.data.length} values for ${blob.dims.join('×')}`;
      return fail(
        'unreadable-file',
        `${expected}, found ${size || 'nothing'} in the .caffemodel; ${advice}.`,
      );
    }
    return blob.data;
  }
}

function isSame({ dims }: Blob, expected: readonly number[]): boolean {
  const telling = (extents: readonly number[]) => extents.filter((extent) => extent !== 1).join('×');
  return telling(dims) === telling(expected);
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}
