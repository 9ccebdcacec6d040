import { encodeMessage } from '../../protobuf';
import type { ReadOptions } from '../../reader';
import { readOnnx } from '../read';
import {
  attributeType,
  elementType,
  modelSchema,
  type AttributeInput,
  type ModelInput,
  type NodeInput,
  type TensorInput,
  type ValueInfoInput,
} from '../schema';

/** A size, or the name of one that may change. */
export type Extent = number | string;

/** An input or output of a graph. */
export function valueInfo(
  name: string,
  extents: readonly Extent[],
  type: number = elementType.float,
): ValueInfoInput {
  const dimensions = extents.map((extent) =>
    typeof extent === 'number' ? { value: extent } : { parameter: extent },
  );
  return { name, type: { tensor: { elementType: type, shape: { dimensions } } } };
}

/** A float tensor of one value. */
export function floats(name: string, dims: readonly number[], value = 0.5): TensorInput {
  const floatData = new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(value);
  return { name, dims: [...dims], dataType: elementType.float, floatData };
}

/** A list of whole numbers. */
export function integers(name: string, values: readonly number[]): TensorInput {
  return { name, dims: [values.length], dataType: elementType.int64, int64Data: [...values] };
}

export const integer = (name: string, value: number): AttributeInput => ({
  name,
  type: attributeType.integer,
  integer: value,
});
export const list = (name: string, values: number[]): AttributeInput => ({
  name,
  type: attributeType.integers,
  integers: values,
});
export const word = (name: string, value: string): AttributeInput => ({
  name,
  type: attributeType.text,
  text: value,
});

/** What a model consists of; the input is four channels of 6×5 unless it says otherwise. */
export interface Parts {
  readonly nodes?: readonly NodeInput[];
  readonly initializers?: readonly TensorInput[];
  readonly input?: readonly Extent[];
  readonly opset?: number;
  readonly change?: (model: ModelInput) => ModelInput;
}

/** The bytes of a model of a few nodes that is written here and nowhere else. */
export function modelBytes({
  nodes = [],
  initializers = [],
  input = ['n', 4, 6, 5],
  opset = 13,
  change = (model) => model,
}: Parts): Uint8Array {
  const model: ModelInput = {
    irVersion: 7,
    operatorSets: [{ version: opset }],
    graph: { nodes, initializers, inputs: [valueInfo('x', input)], outputs: [valueInfo('y', ['n', 1])] },
  };
  return encodeMessage(modelSchema, change(model));
}

/** Reads such a model. */
export function read(parts: Parts, options: ReadOptions = {}) {
  return readOnnx({ name: 'net.onnx', bytes: modelBytes(parts) }, [], options);
}

/** A node that answers with "y" unless it says otherwise. */
export function node(
  operator: string,
  inputs: readonly string[],
  attributes: readonly AttributeInput[] = [],
  outputs = ['y'],
): NodeInput {
  return { operator, inputs: [...inputs], outputs, attributes };
}
