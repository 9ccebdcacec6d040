import { Builder } from 'flatbuffers';
import type { Shape } from '../../../../network/graph';
import {
  Buffer,
  BufferT,
  BuiltinOperator,
  MetadataT,
  ModelT,
  OperatorCodeT,
  OperatorT,
  SubGraphT,
  TensorT,
  TensorType,
  type BuiltinOptions,
  type QuantizationParametersT,
} from '../generated/tflite';

/** Place of a tensor in the file. */
export type TensorIndex = number;

/** Options of an operator: which table, and what stands in it. */
export interface OperatorOptions {
  readonly type: BuiltinOptions;
  readonly options: OperatorT['builtinOptions'];
}

/** Bytes of a tensor as they are; runtimes map them, so that they start at a multiple of 16. */
class DataBuffer extends BufferT {
  constructor(private readonly bytes: Uint8Array) {
    super();
  }

  override pack(builder: Builder): number {
    if (this.bytes.length === 0) return super.pack(builder);
    builder.prep(16, this.bytes.length);
    return Buffer.createBuffer(builder, builder.createByteVector(this.bytes), 0n, 0n);
  }
}

/** Gathers tensors, buffers and operators of a file. */
export class ModelBuilder {
  private readonly tensors: TensorT[] = [];
  /** The first buffer is empty: that of values that are computed. */
  private readonly buffers: BufferT[] = [new DataBuffer(new Uint8Array(0))];
  private readonly operators: OperatorT[] = [];
  private readonly codes = new Map<string, { readonly index: number; readonly code: OperatorCodeT }>();
  private readonly metadata: MetadataT[] = [];

  /** A value that is computed, in numbers or, with a scale, in levels. @param shape batch first */
  computed(
    name: string,
    shape: Shape,
    type: TensorType = TensorType.FLOAT32,
    levels: QuantizationParametersT | null = null,
  ): TensorIndex {
    return this.add(name, type, shape, 0, levels);
  }

  constant(
    name: string,
    type: TensorType,
    shape: readonly number[],
    data: ArrayBufferView,
    levels: QuantizationParametersT | null = null,
  ): TensorIndex {
    return this.add(name, type, shape, this.buffer(data), levels);
  }

  operator(
    code: BuiltinOperator,
    version: number,
    inputs: readonly TensorIndex[],
    outputs: readonly TensorIndex[],
    { type, options }: OperatorOptions,
  ): void {
    const place = this.codeOf(code, version);
    this.operators.push(new OperatorT(place, [...inputs], [...outputs], type, options));
  }

  note(name: string, text: string): void {
    this.metadata.push(new MetadataT(name, this.buffer(new TextEncoder().encode(text))));
  }

  /** The file's bytes. */
  finish(
    description: string,
    name: string,
    inputs: readonly TensorIndex[],
    outputs: readonly TensorIndex[],
  ): Uint8Array {
    const graph = new SubGraphT(this.tensors, [...inputs], [...outputs], this.operators, name);
    const codes = Array.from(this.codes.values(), ({ code }) => code);
    const model = new ModelT(3, codes, [graph], description, this.buffers, [], this.metadata);
    const builder = new Builder(1024);
    builder.finish(model.pack(builder), 'TFL3');
    return builder.asUint8Array();
  }

  private add(
    name: string,
    type: TensorType,
    shape: readonly number[],
    buffer: number,
    levels: QuantizationParametersT | null,
  ): TensorIndex {
    this.tensors.push(new TensorT([...shape], type, buffer, name, levels, false, null, [], true));
    return this.tensors.length - 1;
  }

  private buffer({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    this.buffers.push(new DataBuffer(new Uint8Array(buffer, byteOffset, byteLength)));
    return this.buffers.length - 1;
  }

  private codeOf(code: BuiltinOperator, version: number): number {
    const key = `${code} ${version}`;
    const known = this.codes.get(key);
    if (known) return known.index;
    const index = this.codes.size;
    // Readers from before 2020 know the one byte alone.
    const byte = Math.min(code, BuiltinOperator.PLACEHOLDER_FOR_GREATER_OP_CODES);
    this.codes.set(key, { index, code: new OperatorCodeT(byte, null, version, code) });
    return index;
  }
}
