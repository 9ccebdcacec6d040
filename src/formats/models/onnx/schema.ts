import type { Message, MessageInput, Schema } from '../protobuf';

/**
 * The part of ONNX's protocol-buffer format that the studio reads and writes; field numbers from the ONNX
 * specification (onnx.proto3). Sub-graphs of attributes, sequence and map types, functions and training
 * information are not listed and therefore skipped.
 */
const stringEntry = {
  key: { number: 1, kind: 'text' },
  value: { number: 2, kind: 'text' },
} as const satisfies Schema;

const tensor = {
  dims: { number: 1, kind: 'integers' },
  dataType: { number: 2, kind: 'integer' },
  floatData: { number: 4, kind: 'floats' },
  int32Data: { number: 5, kind: 'integers' },
  int64Data: { number: 7, kind: 'integers' },
  name: { number: 8, kind: 'text' },
  rawData: { number: 9, kind: 'bytes' },
  doubleData: { number: 10, kind: 'doubles' },
  externalData: { number: 13, kind: 'messages', schema: stringEntry },
  dataLocation: { number: 14, kind: 'integer' },
} as const satisfies Schema;

const attribute = {
  name: { number: 1, kind: 'text' },
  float: { number: 2, kind: 'float' },
  integer: { number: 3, kind: 'integer' },
  text: { number: 4, kind: 'text' },
  tensor: { number: 5, kind: 'message', schema: tensor },
  floats: { number: 7, kind: 'floats' },
  integers: { number: 8, kind: 'integers' },
  type: { number: 20, kind: 'integer' },
} as const satisfies Schema;

const node = {
  inputs: { number: 1, kind: 'texts' },
  outputs: { number: 2, kind: 'texts' },
  name: { number: 3, kind: 'text' },
  operator: { number: 4, kind: 'text' },
  attributes: { number: 5, kind: 'messages', schema: attribute },
  domain: { number: 7, kind: 'text' },
} as const satisfies Schema;

const dimension = {
  value: { number: 1, kind: 'integer' },
  parameter: { number: 2, kind: 'text' },
  denotation: { number: 3, kind: 'text' },
} as const satisfies Schema;

const tensorShape = {
  dimensions: { number: 1, kind: 'messages', schema: dimension },
} as const satisfies Schema;

const tensorType = {
  elementType: { number: 1, kind: 'integer' },
  shape: { number: 2, kind: 'message', schema: tensorShape },
} as const satisfies Schema;

const type = { tensor: { number: 1, kind: 'message', schema: tensorType } } as const satisfies Schema;

const valueInfo = {
  name: { number: 1, kind: 'text' },
  type: { number: 2, kind: 'message', schema: type },
} as const satisfies Schema;

const graph = {
  nodes: { number: 1, kind: 'messages', schema: node },
  name: { number: 2, kind: 'text' },
  initializers: { number: 5, kind: 'messages', schema: tensor },
  inputs: { number: 11, kind: 'messages', schema: valueInfo },
  outputs: { number: 12, kind: 'messages', schema: valueInfo },
} as const satisfies Schema;

const operatorSet = {
  domain: { number: 1, kind: 'text' },
  version: { number: 2, kind: 'integer' },
} as const satisfies Schema;

export const modelSchema = {
  irVersion: { number: 1, kind: 'integer' },
  producerName: { number: 2, kind: 'text' },
  producerVersion: { number: 3, kind: 'text' },
  graph: { number: 7, kind: 'message', schema: graph },
  operatorSets: { number: 8, kind: 'messages', schema: operatorSet },
  metadata: { number: 14, kind: 'messages', schema: stringEntry },
} as const satisfies Schema;

export type ModelProto = Message<typeof modelSchema>;
export type GraphProto = Message<typeof graph>;
export type NodeProto = Message<typeof node>;
export type AttributeProto = Message<typeof attribute>;
export type TensorProto = Message<typeof tensor>;
export type ValueInfoProto = Message<typeof valueInfo>;
export type ModelInput = MessageInput<typeof modelSchema>;
export type NodeInput = MessageInput<typeof node>;
export type AttributeInput = MessageInput<typeof attribute>;
export type TensorInput = MessageInput<typeof tensor>;
export type ValueInfoInput = MessageInput<typeof valueInfo>;

/** Element types of tensors (TensorProto.DataType). */
export const elementType = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
  bfloat16: 16,
} as const;

/** Whether an element type is one of the floating-point types that are read as float32. */
export function isFloatType(type: number | undefined): boolean {
  const { float, float16, double, bfloat16 } = elementType;
  return type === float || type === float16 || type === double || type === bfloat16;
}

const elementTypeNames = [
  ...[
    'undefined',
    'float32',
    'uint8',
    'int8',
    'uint16',
    'int16',
    'int32',
    'int64',
    'text',
    'bool',
    'float16',
  ],
  ...['float64', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16'],
];

/** Name of an element type for a person. */
export function elementTypeText(type: number | undefined): string {
  return elementTypeNames[type ?? 0] ?? `type ${type}`;
}

/** What an axis is for, where a file says it (ONNX, Dimension Denotation). */
export const denotations = {
  batch: 'DATA_BATCH',
  channels: 'DATA_CHANNEL',
  feature: 'DATA_FEATURE',
} as const;

/** Which member of an attribute holds its value (AttributeProto.AttributeType). */
export const attributeType = { float: 1, integer: 2, text: 3, tensor: 4, floats: 6, integers: 7 } as const;
