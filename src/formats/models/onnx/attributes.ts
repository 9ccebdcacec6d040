import type { NodeProto } from './schema';

/**
 * Attributes that each operator has in any operator set, as ONNX's own definitions list them
 * (`onnx.defs.get_all_schemas_with_history`, and its change log for those that are newer).
 */
const attributeNames: Readonly<Record<string, string>> = {
  Abs: 'consumed_inputs',
  Add: 'axis broadcast consumed_inputs',
  AveragePool: 'auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides',
  BatchNormalization: 'consumed_inputs epsilon is_test momentum spatial training_mode',
  Cast: 'saturate to',
  Clip: 'consumed_inputs max min',
  Concat: 'axis',
  Conv: 'auto_pad dilations group kernel_shape pads strides',
  DequantizeLinear: 'axis block_size output_dtype',
  Div: 'axis broadcast consumed_inputs',
  Dropout: 'consumed_inputs is_test ratio seed',
  Elu: 'alpha consumed_inputs',
  Erf: '',
  Exp: 'consumed_inputs',
  Flatten: 'axis',
  Gather: 'axis',
  Gelu: 'approximate',
  Gemm: 'alpha beta broadcast transA transB',
  GlobalAveragePool: '',
  GlobalMaxPool: '',
  HardSigmoid: 'alpha beta consumed_inputs',
  HardSwish: '',
  Identity: '',
  InstanceNormalization: 'consumed_inputs epsilon',
  LRN: 'alpha beta bias size',
  LayerNormalization: 'axis epsilon stash_type',
  LeakyRelu: 'alpha consumed_inputs',
  Log: 'consumed_inputs',
  LogSoftmax: 'axis',
  MatMul: '',
  Max: 'consumed_inputs',
  MaxPool: 'auto_pad ceil_mode dilations kernel_shape pads storage_order strides',
  Mean: 'consumed_inputs',
  Min: 'consumed_inputs',
  Mish: '',
  Mul: 'axis broadcast consumed_inputs',
  Neg: 'consumed_inputs',
  PRelu: 'consumed_inputs',
  Pad: 'mode paddings pads value',
  Pow: 'axis broadcast',
  QuantizeLinear: 'axis block_size output_dtype precision saturate',
  Reciprocal: 'consumed_inputs',
  ReduceL2: 'axes keepdims noop_with_empty_axes',
  ReduceMax: 'axes keepdims noop_with_empty_axes',
  ReduceMean: 'axes keepdims noop_with_empty_axes',
  ReduceMin: 'axes keepdims noop_with_empty_axes',
  ReduceSum: 'axes keepdims noop_with_empty_axes',
  Relu: 'consumed_inputs',
  Reshape: 'allowzero consumed_inputs shape',
  Resize:
    'antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value keep_aspect_ratio_policy mode nearest_mode',
  Selu: 'alpha consumed_inputs gamma',
  Sigmoid: 'consumed_inputs',
  Slice: 'axes ends starts',
  Softmax: 'axis',
  Softplus: '',
  Softsign: '',
  Split: 'axis num_outputs split',
  Sqrt: 'consumed_inputs',
  Squeeze: 'axes',
  Sub: 'axis broadcast consumed_inputs',
  Sum: 'consumed_inputs',
  Tanh: 'consumed_inputs',
  Transpose: 'perm',
  Unsqueeze: 'axes',
  Upsample: 'height_scale mode scales width_scale',
};

/**
 * The first attribute of a node that no operator set gives its operator; null where there is none, and for operators
 * that are not read here. It may be a misspelt one, whose default would make another network.
 */
export function unknownAttribute({ operator = '', attributes }: NodeProto): string | null {
  if (!Object.hasOwn(attributeNames, operator)) return null;
  const known = attributeNames[operator]!.split(' ');
  return attributes.map(({ name = '' }) => name).find((name) => !known.includes(name)) ?? null;
}

/** Operators whose attributes are known. */
export const operatorsWithAttributes: ReadonlySet<string> = new Set(Object.keys(attributeNames));
