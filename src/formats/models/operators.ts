/**
 * What formats call each operator. What they do with one stands in their own folders, and which writers have no layer
 * for it in `refusals.ts`.
 */
import type { ActivationFunction, Conv2d, Elementwise, Operator, Reduce, Shape } from '../../network/graph';

type Kind = Operator['kind'];

/** An operator of ours, what it looks like at its smallest, and what formats call it. */
export interface Family {
  /** For a person. */
  readonly operator: string;
  readonly sample: Operator;
  /** One unless given. */
  readonly inputs?: 2;
  /** Of each input; 4 × 4 pixels of two channels unless given. */
  readonly input?: Shape;
  readonly names: RegExp;
  /** By form, where that form means something else by one of the names. */
  readonly namesIn?: Readonly<Record<string, RegExp>>;
}

const noPadding = { top: 0, bottom: 0, left: 0, right: 0 };
const one = { height: 1, width: 1 };
const two = { height: 2, width: 2 };

function convolution(groups: number, outputs: number): Conv2d {
  const shape = [3, 3, 2 / groups, outputs];
  const kernel = { shape, data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)) };
  return { kind: 'conv2d', kernel, bias: null, stride: one, dilation: one, padding: noPadding, groups };
}

const activation = (name: ActivationFunction, alpha = 0, beta = 0): Operator => ({
  kind: 'activation',
  ...{ function: name, alpha, beta },
});
const pool = (reduce: 'max' | 'average'): Operator => ({
  ...{ kind: 'pool', reduce, window: two, stride: two, padding: noPadding },
  ...{ roundUp: false, includePadding: false },
});
const globalPool = (reduce: 'max' | 'average'): Operator => ({
  kind: 'globalPool',
  ...{ reduce, keepDimensions: true },
});
const channels = (value: number) => new Float32Array(2).fill(value);

/**
 * The rows of the table of operators, in its order. A name that several families match belongs to each of them; an
 * operator that no form has a name for has none.
 */
export const families: Readonly<Record<Exclude<Kind, 'unsupported'>, readonly Family[]>> = {
  conv2d: [
    {
      operator: 'Convolution, dilated or strided',
      sample: convolution(1, 2),
      names: /^(Conv|Conv[12]D|Convolution[12]D|_FusedConv2D|SeparableConv[12]D|Convolution|CONV_2D)$/,
    },
    {
      operator: 'Grouped convolution',
      sample: groupedSample(),
      input: [4, 4, 4],
      names: /^(Conv|Conv[12]D|_FusedConv2D|Convolution|CONV_2D)$/,
    },
    {
      operator: 'Depthwise convolution',
      sample: convolution(2, 2),
      names:
        /^(Conv|(Fused)?DepthwiseConv2d(Native)?|(Depthwise|Separable)Conv[12]D|ConvolutionDepthwise|DepthwiseConvolution|Convolution|DEPTHWISE_CONV_2D)$/,
    },
  ],
  dense: [
    {
      operator: 'Dense',
      sample: { kind: 'dense', weights: { shape: [3, 2], data: new Float32Array(6) }, bias: null },
      input: [3],
      names: /^(Gemm|(Batch)?MatMul(V2)?|_FusedMatMul|Dense|InnerProduct|FULLY_CONNECTED)$/,
    },
  ],
  batchNorm: [
    {
      operator: 'Batch normalisation',
      sample: {
        kind: 'batchNorm',
        ...{
          scale: channels(1),
          offset: channels(0),
          mean: channels(0),
          variance: channels(1),
          epsilon: 1e-3,
        },
      },
      names: /^(BatchNorm\w*|FusedBatchNorm\w*|Scale)$/,
    },
  ],
  activation: [
    { operator: 'ReLU', sample: activation('relu'), names: /^(Relu|ReLU|Activation|RELU)$/ },
    { operator: 'ReLU6', sample: activation('relu6'), names: /^(Relu6|ReLU6|Clip|ReLU|RELU6)$/ },
    {
      operator: 'Leaky ReLU',
      sample: activation('leakyRelu', 0.1),
      names: /^(Leaky\w+|PRelu|PReLU|Prelu|ReLU|LEAKY_RELU)$/,
    },
    { operator: 'ELU', sample: activation('elu', 1), names: /^(Elu|ELU)$/ },
    { operator: 'Sigmoid', sample: activation('sigmoid'), names: /^(Sigmoid|Activation|LOGISTIC)$/ },
    {
      operator: 'Hard sigmoid',
      sample: activation('hardSigmoid', 0.2, 0.5),
      names: /^(HardSigmoid|Activation)$/,
    },
    {
      operator: 'Swish, also as a sigmoid times its input',
      sample: activation('swish'),
      names: /^(Sigmoid|Mul|Eltwise|Swish|Activation|LOGISTIC)$/,
    },
    { operator: 'Hard swish', sample: activation('hardSwish'), names: /^(HardSwish|HARD_SWISH|Activation)$/ },
    { operator: 'Tanh', sample: activation('tanh'), names: /^(Tanh|TanH|TANH|Activation)$/ },
    { operator: 'Softplus', sample: activation('softplus'), names: /^(Softplus|BNLL|Activation)$/ },
    { operator: 'SELU', sample: activation('selu', 1.67, 1.05), names: /^(Selu|SELU|Activation)$/ },
    { operator: 'GELU', sample: activation('gelu'), names: /^(Gelu|GELU|Erf|Activation)$/ },
    {
      operator: 'GELU, approximated',
      sample: activation('geluTanh'),
      names: /^(Gelu|GELU|Tanh|Activation)$/,
    },
    { operator: 'Mish', sample: activation('mish'), names: /^(Mish|Activation)$/ },
    { operator: 'Softsign', sample: activation('softsign'), names: /^(Softsign|Activation)$/ },
    {
      operator: 'Clipping',
      sample: activation('clip', -1, 1),
      names: /^(Clip|ClipByValue|Max|Min|RELU_0_TO_1|RELU_N1_TO_1|MAXIMUM|MINIMUM)$/,
      namesIn: { 'TF.js GraphModel': /^ClipByValue$/ },
    },
    { operator: 'Exponential', sample: activation('exp'), names: /^(Exp|Activation|EXP)$/ },
    { operator: 'Logarithm', sample: activation('log'), names: /^(Log|LOG)$/ },
    { operator: 'Square root', sample: activation('sqrt'), names: /^(Sqrt|Rsqrt|Pow|Power|SQRT|RSQRT)$/ },
    {
      operator: 'Square',
      sample: activation('square'),
      names: /^(Pow|Power|Square|SquaredDifference|SQUARE|SQUARED_DIFFERENCE)$/,
    },
    { operator: 'Absolute value', sample: activation('abs'), names: /^(Abs(Val)?|ABS)$/ },
    { operator: 'Negative', sample: activation('negate'), names: /^(Neg|NEG)$/ },
    {
      operator: 'Reciprocal',
      sample: activation('reciprocal'),
      names: /^(Reciprocal|Rsqrt|Pow|Power|RSQRT|DIV)$/,
    },
  ],
  parametricRelu: [
    {
      operator: 'Parametric ReLU, a slope per channel',
      sample: { kind: 'parametricRelu', slopes: { shape: [2], data: channels(0.1) } },
      names: /^(PRelu|PReLU|Prelu|PRELU)$/,
    },
  ],
  softmax: [
    { operator: 'Softmax', sample: { kind: 'softmax' }, input: [3], names: /^(Softmax|Activation|SOFTMAX)$/ },
  ],
  logSoftmax: [
    {
      operator: 'Log-softmax',
      sample: { kind: 'logSoftmax' },
      input: [3],
      names: /^(LogSoftmax|Activation|LOG_SOFTMAX)$/,
    },
  ],
  pool: [
    { operator: 'Maximum pooling', sample: pool('max'), names: /^(Max_?Pool\w*|Pooling|MAX_POOL_2D)$/ },
    {
      operator: 'Average pooling',
      sample: pool('average'),
      names: /^(AveragePool\w*|AvgPool\w*|Pooling|AVERAGE_POOL_2D)$/,
    },
  ],
  globalPool: [
    {
      operator: 'Global average',
      sample: globalPool('average'),
      names: /^(GlobalAverage\w+|GlobalAvgPool\w*|ReduceMean|Mean|Pooling|MEAN)$/,
      namesIn: { ONNX: /^(GlobalAveragePool|ReduceMean)$/ },
    },
    {
      operator: 'Global maximum',
      sample: globalPool('max'),
      names: /^(GlobalMax\w+|ReduceMax|Max|Pooling|REDUCE_MAX)$/,
      namesIn: { ONNX: /^(GlobalMaxPool|ReduceMax)$/ },
    },
  ],
  add: [
    {
      operator: 'Sum',
      sample: { kind: 'add' },
      inputs: 2,
      names:
        /^(Add|AddV2|AddN|BiasAdd|Bias|Sum|Mean|Sub|Subtract|Average|Eltwise|Power|Rescaling|Normalization|Axpy|TFOpLambda|ADD|ADD_N|SUB)$/,
      namesIn: { 'TF.js GraphModel': /^(Add|AddV2|AddN|BiasAdd|Sub)$/ },
    },
  ],
  multiply: [
    {
      operator: 'Product',
      sample: { kind: 'multiply' },
      inputs: 2,
      names:
        /^(Mul|Multiply|Div|RealDiv|Eltwise|Scale|Power|Rescaling|Normalization|Axpy|TFOpLambda|MUL|DIV)$/,
    },
  ],
  elementwise: [
    combination('Difference of computed values', 'subtract', /^(Sub|Subtract|Eltwise|TFOpLambda|SUB)$/),
    combination('Quotient of computed values', 'divide', /^(Div|RealDiv|TFOpLambda|DIV)$/),
    combination('Power', 'power', /^(Pow|Power|TFOpLambda|POW)$/),
    combination('Maximum of values', 'maximum', /^(Max|Maximum|Eltwise|MAXIMUM)$/),
    combination('Minimum of values', 'minimum', /^(Min|Minimum|MINIMUM)$/),
  ],
  matrixProduct: [
    {
      operator: 'Product of computed matrices',
      sample: { kind: 'matrixProduct' },
      inputs: 2,
      input: [2, 2],
      names: /^(MatMul|BatchMatMul(V2)?|Dot|BATCH_MATMUL)$/,
    },
  ],
  concat: [
    {
      operator: 'Concatenation',
      sample: { kind: 'concat', axis: 2 },
      inputs: 2,
      names: /^(Concat\w*|Pack|CONCATENATION|PACK)$/,
    },
  ],
  pad: [
    {
      operator: 'Zero padding',
      sample: { kind: 'pad', padding: { top: 1, bottom: 1, left: 1, right: 1 }, value: 0 },
      names: /^(Pad|PadV2|ZeroPadding[12]D|PAD|PADV2)$/,
    },
  ],
  flatten: [
    {
      operator: 'Flatten',
      sample: { kind: 'flatten', order: 'chw' },
      names: /^(Flatten|Reshape|Squeeze|RESHAPE|SQUEEZE)$/,
    },
  ],
  reshape: [
    {
      operator: 'Reshape',
      sample: { kind: 'reshape', shape: [2, 8, 2], order: 'chw' },
      names: /^(Reshape|Unsqueeze|ExpandDims|Permute|Transpose|RESHAPE|EXPAND_DIMS|SHAPE)$/,
    },
  ],
  transpose: [
    {
      operator: 'Other order of axes',
      sample: { kind: 'transpose', permutation: [1, 0, 2] },
      names: /^(Transpose|Permute|TRANSPOSE)$/,
    },
  ],
  slice: [
    {
      operator: 'Slice, split',
      sample: { kind: 'slice', axis: 2, start: 0, end: 1, step: 1 },
      names:
        /^(Slice|StridedSlice|SlicingOpLambda|Split|SplitV|Gather|Cropping[12]D|Crop|SLICE|STRIDED_SLICE|SPLIT|SPLIT_V)$/,
      namesIn: { Caffe: /^(Slice|Crop)$/ },
    },
  ],
  gather: [
    {
      operator: 'Elements by index',
      sample: { kind: 'gather', axis: 2, indices: [1, 0] },
      names: /^(Gather|GatherV2|ShuffleChannel|GATHER)$/,
    },
  ],
  resize: [
    {
      operator: 'Resizing, nearest or linear',
      sample: {
        ...{ kind: 'resize', method: 'nearest', size: { height: 8, width: 8 }, scale: two },
        ...{ coordinates: 'asymmetric', rounding: 'floor' },
      },
      names: /^(Resize\w*|Resizing|Upsample|UpSampling[12]D|Interp|RESIZE_BILINEAR|RESIZE_NEAREST_NEIGHBOR)$/,
    },
  ],
  reduce: [
    reduction('Mean over axes', 'mean', /^(ReduceMean|Mean|LayerNormalization|InstanceNormalization|MEAN)$/),
    reduction('Sum over axes', 'sum', /^(ReduceSum|ReduceL2|Sum|SUM)$/),
    reduction('Maximum over axes', 'max', /^(ReduceMax|Max|REDUCE_MAX)$/),
    reduction('Minimum over axes', 'min', /^(ReduceMin|Min|REDUCE_MIN)$/),
  ],
  localResponseNormalisation: [
    {
      operator: 'Local response normalisation',
      sample: { kind: 'localResponseNormalisation', size: 5, alpha: 1e-4, beta: 0.75, bias: 1 },
      names: /^(LRN|LOCAL_RESPONSE_NORMALIZATION)$/,
    },
  ],
  quantise: [
    {
      operator: 'Rounding to a byte’s levels',
      sample: { kind: 'quantise', type: 'uint8', scale: 0.25, zeroPoint: 128 },
      names: /^(QuantizeLinear|DequantizeLinear|QUANTIZE|DEQUANTIZE)$/,
    },
  ],
  identity: [
    {
      operator: 'Dropout and noise, which do nothing at inference',
      sample: { kind: 'identity', origin: 'dropout' },
      names: /^(\w*Dropout\w*|GaussianNoise|ActivityRegularization|Random\w+)$/,
    },
    {
      operator: 'Identity',
      sample: { kind: 'identity', origin: 'identity' },
      names: /^(Identity|Cast|Split|StopGradient|CAST)$/,
      namesIn: { ONNX: /^(Identity|Cast)$/ },
    },
  ],
  /** Part of the layer that it stands before. */
  dynamicQuantise: [],
  constant: [],
};

function groupedSample(): Operator {
  return { ...convolution(1, 4), kernel: { shape: [3, 3, 2, 4], data: new Float32Array(72) }, groups: 2 };
}

function combination(operator: string, name: Elementwise['function'], names: RegExp): Family {
  return { operator, sample: { kind: 'elementwise', function: name }, inputs: 2, names };
}

function reduction(operator: string, name: Reduce['function'], names: RegExp): Family {
  const sample = { kind: 'reduce', function: name, axes: [2], keepDimensions: true } as const;
  return { operator, sample, names };
}
