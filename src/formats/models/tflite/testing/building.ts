import type { Shape } from '../../../../network/graph';
import { BuiltinOperator, BuiltinOptions, TensorType, type OperatorT } from '../generated/tflite';
import { ModelBuilder, type TensorIndex } from '../writing/builder';

/** Puts a file together operator by operator, as other programs write them. */
export class FileBuilder {
  private readonly builder = new ModelBuilder();
  private count = 0;
  readonly input: TensorIndex;

  /** @param shape of the input, the batch first */
  constructor(shape: Shape) {
    this.input = this.builder.computed('x', shape);
  }

  floats(shape: Shape, ...values: readonly number[]): TensorIndex {
    return this.constant(TensorType.FLOAT32, shape, Float32Array.from(values));
  }

  integers(...values: readonly number[]): TensorIndex {
    return this.constant(TensorType.INT32, [values.length], Int32Array.from(values));
  }

  integer(value: number): TensorIndex {
    return this.constant(TensorType.INT32, [], Int32Array.of(value));
  }

  constant(type: TensorType, shape: Shape, data: ArrayBufferView): TensorIndex {
    return this.builder.constant(`constant${++this.count}`, type, shape, data);
  }

  /** Adds an operator. @param results their shapes, the batch first @returns the first result */
  add(
    code: keyof typeof BuiltinOperator,
    inputs: readonly TensorIndex[],
    results: Shape | readonly Shape[],
    options: OperatorT['builtinOptions'] = null,
    version = 1,
  ): TensorIndex {
    const shapes = (typeof results[0] === 'number' ? [results] : results) as readonly Shape[];
    const whole = code === 'SHAPE' ? TensorType.INT32 : TensorType.FLOAT32;
    const tensors = shapes.map((shape) => this.builder.computed(`y${++this.count}`, shape, whole));
    const type = options
      ? BuiltinOptions[options.constructor.name.replace(/T$/, '') as keyof typeof BuiltinOptions]
      : BuiltinOptions.NONE;
    this.builder.operator(BuiltinOperator[code], version, inputs, tensors, { type, options });
    return tensors[0]!;
  }

  file(output: TensorIndex): Uint8Array {
    return this.builder.finish('test', 'test', [this.input], [output]);
  }
}
