import type { Message, MessageInput, Schema } from '../protobuf';

/**
 * The part of Caffe's protocol-buffer format that the studio reads and writes; numbers and names of fields
 * from Caffe's caffe.proto, the names being those of the text format too. Switches (bool) and choices (enum)
 * are integers. Everything about training is left out and therefore skipped.
 */
const blobShape = { dim: { number: 1, kind: 'integers' } } as const satisfies Schema;

const blob = {
  num: { number: 1, kind: 'integer' },
  channels: { number: 2, kind: 'integer' },
  height: { number: 3, kind: 'integer' },
  width: { number: 4, kind: 'integer' },
  data: { number: 5, kind: 'floats' },
  shape: { number: 7, kind: 'message', schema: blobShape },
  double_data: { number: 8, kind: 'doubles' },
  /** NVCaffe and OpenCV's shrunk files: numbers of this type, as bytes. */
  raw_data_type: { number: 10, kind: 'integer' },
  raw_data: { number: 12, kind: 'bytes' },
} as const satisfies Schema;

const stateRule = {
  phase: { number: 1, kind: 'integer' },
  min_level: { number: 2, kind: 'integer' },
  max_level: { number: 3, kind: 'integer' },
  stage: { number: 4, kind: 'texts' },
  not_stage: { number: 5, kind: 'texts' },
} as const satisfies Schema;

const transformation = {
  scale: { number: 1, kind: 'float' },
  crop_size: { number: 3, kind: 'integer' },
  mean_file: { number: 4, kind: 'text' },
  mean_value: { number: 5, kind: 'floats' },
  force_color: { number: 6, kind: 'integer' },
  force_gray: { number: 7, kind: 'integer' },
} as const satisfies Schema;

const convolution = {
  num_output: { number: 1, kind: 'integer' },
  bias_term: { number: 2, kind: 'integer' },
  pad: { number: 3, kind: 'integers' },
  kernel_size: { number: 4, kind: 'integers' },
  group: { number: 5, kind: 'integer' },
  stride: { number: 6, kind: 'integers' },
  pad_h: { number: 9, kind: 'integer' },
  pad_w: { number: 10, kind: 'integer' },
  kernel_h: { number: 11, kind: 'integer' },
  kernel_w: { number: 12, kind: 'integer' },
  stride_h: { number: 13, kind: 'integer' },
  stride_w: { number: 14, kind: 'integer' },
  axis: { number: 16, kind: 'integer' },
  dilation: { number: 18, kind: 'integers' },
} as const satisfies Schema;

const pooling = {
  pool: { number: 1, kind: 'integer' },
  kernel_size: { number: 2, kind: 'integers' },
  stride: { number: 3, kind: 'integers' },
  pad: { number: 4, kind: 'integers' },
  kernel_h: { number: 5, kind: 'integer' },
  kernel_w: { number: 6, kind: 'integer' },
  stride_h: { number: 7, kind: 'integer' },
  stride_w: { number: 8, kind: 'integer' },
  pad_h: { number: 9, kind: 'integer' },
  pad_w: { number: 10, kind: 'integer' },
  global_pooling: { number: 12, kind: 'integer' },
  round_mode: { number: 13, kind: 'integer' },
  /** What OpenCV and some forks have in round_mode's place, and under its number; in text it is told apart. */
  ceil_mode: { number: 10_013, kind: 'integer' },
} as const satisfies Schema;

const innerProduct = {
  num_output: { number: 1, kind: 'integer' },
  bias_term: { number: 2, kind: 'integer' },
  axis: { number: 5, kind: 'integer' },
  transpose: { number: 6, kind: 'integer' },
} as const satisfies Schema;

const axisOnly = (number: number) => ({ axis: { number, kind: 'integer' } }) as const satisfies Schema;

/** Exp and Log: base^(shift + scale · x) and its inverse; a base of −1 is e. */
const logarithm = {
  base: { number: 1, kind: 'float' },
  scale: { number: 2, kind: 'float' },
  shift: { number: 3, kind: 'float' },
} as const satisfies Schema;

/** Parameters of the kinds of layers, with their numbers in a layer and in a layer of the older format (V1). */
const parameters = {
  concat_param: {
    concat_dim: { number: 1, kind: 'integer' },
    axis: { number: 2, kind: 'integer' },
  },
  eltwise_param: {
    operation: { number: 1, kind: 'integer' },
    coeff: { number: 2, kind: 'floats' },
  },
  lrn_param: {
    local_size: { number: 1, kind: 'integer' },
    alpha: { number: 2, kind: 'float' },
    beta: { number: 3, kind: 'float' },
    norm_region: { number: 4, kind: 'integer' },
    k: { number: 5, kind: 'float' },
  },
  memory_data_param: {
    channels: { number: 2, kind: 'integer' },
    height: { number: 3, kind: 'integer' },
    width: { number: 4, kind: 'integer' },
  },
  slice_param: {
    slice_dim: { number: 1, kind: 'integer' },
    slice_point: { number: 2, kind: 'integers' },
    axis: { number: 3, kind: 'integer' },
  },
  power_param: {
    power: { number: 1, kind: 'float' },
    scale: { number: 2, kind: 'float' },
    shift: { number: 3, kind: 'float' },
  },
  image_data_param: {
    crop_size: { number: 5, kind: 'integer' },
    new_height: { number: 9, kind: 'integer' },
    new_width: { number: 10, kind: 'integer' },
    is_color: { number: 11, kind: 'integer' },
  },
  data_param: { crop_size: { number: 5, kind: 'integer' } },
  dummy_data_param: {
    channels: { number: 3, kind: 'integers' },
    height: { number: 4, kind: 'integers' },
    width: { number: 5, kind: 'integers' },
    shape: { number: 6, kind: 'messages', schema: blobShape },
  },
  relu_param: { negative_slope: { number: 1, kind: 'float' } },
} as const satisfies Record<string, Schema>;

/** One layer; `type` is text such as "Convolution". */
const layer = {
  name: { number: 1, kind: 'text' },
  type: { number: 2, kind: 'text' },
  bottom: { number: 3, kind: 'texts' },
  top: { number: 4, kind: 'texts' },
  blobs: { number: 7, kind: 'messages', schema: blob },
  include: { number: 8, kind: 'messages', schema: stateRule },
  exclude: { number: 9, kind: 'messages', schema: stateRule },
  transform_param: { number: 100, kind: 'message', schema: transformation },
  concat_param: { number: 104, kind: 'message', schema: parameters.concat_param },
  convolution_param: { number: 106, kind: 'message', schema: convolution },
  data_param: { number: 107, kind: 'message', schema: parameters.data_param },
  dummy_data_param: { number: 109, kind: 'message', schema: parameters.dummy_data_param },
  eltwise_param: { number: 110, kind: 'message', schema: parameters.eltwise_param },
  image_data_param: { number: 115, kind: 'message', schema: parameters.image_data_param },
  inner_product_param: { number: 117, kind: 'message', schema: innerProduct },
  lrn_param: { number: 118, kind: 'message', schema: parameters.lrn_param },
  memory_data_param: { number: 119, kind: 'message', schema: parameters.memory_data_param },
  pooling_param: { number: 121, kind: 'message', schema: pooling },
  power_param: { number: 122, kind: 'message', schema: parameters.power_param },
  relu_param: { number: 123, kind: 'message', schema: parameters.relu_param },
  softmax_param: { number: 125, kind: 'message', schema: axisOnly(2) },
  slice_param: { number: 126, kind: 'message', schema: parameters.slice_param },
  prelu_param: {
    number: 131,
    kind: 'message',
    schema: { channel_shared: { number: 2, kind: 'integer' } },
  },
  exp_param: { number: 111, kind: 'message', schema: logarithm },
  log_param: { number: 134, kind: 'message', schema: logarithm },
  crop_param: {
    number: 144,
    kind: 'message',
    schema: { axis: { number: 1, kind: 'integer' }, offset: { number: 2, kind: 'integers' } },
  },
  // Layers of forks, whose numbers differ from fork to fork: what they say is read from the text alone.
  permute_param: { number: 20_202, kind: 'message', schema: { order: { number: 1, kind: 'integers' } } },
  shuffle_channel_param: {
    number: 20_203,
    kind: 'message',
    schema: { group: { number: 1, kind: 'integer' } },
  },
  interp_param: {
    number: 20_204,
    kind: 'message',
    schema: {
      height: { number: 1, kind: 'integer' },
      width: { number: 2, kind: 'integer' },
      zoom_factor: { number: 3, kind: 'integer' },
      shrink_factor: { number: 4, kind: 'integer' },
    },
  },
  upsample_param: { number: 20_205, kind: 'message', schema: { scale: { number: 1, kind: 'integer' } } },
  reshape_param: {
    number: 133,
    kind: 'message',
    schema: {
      shape: { number: 1, kind: 'message', schema: blobShape },
      axis: { number: 2, kind: 'integer' },
      num_axes: { number: 3, kind: 'integer' },
    },
  },
  flatten_param: {
    number: 135,
    kind: 'message',
    schema: { axis: { number: 1, kind: 'integer' }, end_axis: { number: 2, kind: 'integer' } },
  },
  batch_norm_param: { number: 139, kind: 'message', schema: { eps: { number: 3, kind: 'float' } } },
  elu_param: { number: 140, kind: 'message', schema: { alpha: { number: 1, kind: 'float' } } },
  bias_param: {
    number: 141,
    kind: 'message',
    schema: { axis: { number: 1, kind: 'integer' }, num_axes: { number: 2, kind: 'integer' } },
  },
  scale_param: {
    number: 142,
    kind: 'message',
    schema: {
      axis: { number: 1, kind: 'integer' },
      num_axes: { number: 2, kind: 'integer' },
      bias_term: { number: 4, kind: 'integer' },
    },
  },
  input_param: {
    number: 143,
    kind: 'message',
    schema: { shape: { number: 1, kind: 'messages', schema: blobShape } },
  },
  clip_param: {
    number: 148,
    kind: 'message',
    schema: { min: { number: 1, kind: 'float' }, max: { number: 2, kind: 'float' } },
  },
} as const satisfies Schema;

/** One layer of the older format; `type` is a number or, in text, a word such as CONVOLUTION. */
const olderLayer = {
  /** Settings of the oldest format (V0), whose layers the studio refuses; any field would do. */
  layer: { number: 1, kind: 'message', schema: { name: { number: 1, kind: 'text' } } },
  bottom: { number: 2, kind: 'texts' },
  top: { number: 3, kind: 'texts' },
  name: { number: 4, kind: 'text' },
  type: { number: 5, kind: 'integer' },
  blobs: { number: 6, kind: 'messages', schema: blob },
  include: { number: 32, kind: 'messages', schema: stateRule },
  exclude: { number: 33, kind: 'messages', schema: stateRule },
  transform_param: { number: 36, kind: 'message', schema: transformation },
  concat_param: { number: 9, kind: 'message', schema: parameters.concat_param },
  convolution_param: { number: 10, kind: 'message', schema: convolution },
  data_param: { number: 11, kind: 'message', schema: parameters.data_param },
  dummy_data_param: { number: 26, kind: 'message', schema: parameters.dummy_data_param },
  eltwise_param: { number: 24, kind: 'message', schema: parameters.eltwise_param },
  image_data_param: { number: 15, kind: 'message', schema: parameters.image_data_param },
  inner_product_param: { number: 17, kind: 'message', schema: innerProduct },
  lrn_param: { number: 18, kind: 'message', schema: parameters.lrn_param },
  memory_data_param: { number: 22, kind: 'message', schema: parameters.memory_data_param },
  pooling_param: { number: 19, kind: 'message', schema: pooling },
  power_param: { number: 21, kind: 'message', schema: parameters.power_param },
  relu_param: { number: 30, kind: 'message', schema: parameters.relu_param },
  softmax_param: { number: 39, kind: 'message', schema: axisOnly(2) },
  slice_param: { number: 31, kind: 'message', schema: parameters.slice_param },
} as const satisfies Schema;

export const netSchema = {
  name: { number: 1, kind: 'text' },
  layers: { number: 2, kind: 'messages', schema: olderLayer },
  input: { number: 3, kind: 'texts' },
  input_dim: { number: 4, kind: 'integers' },
  input_shape: { number: 8, kind: 'messages', schema: blobShape },
  layer: { number: 100, kind: 'messages', schema: layer },
} as const satisfies Schema;

export type NetMessage = Message<typeof netSchema>;
export type LayerMessage = Message<typeof layer>;
export type OlderLayerMessage = Message<typeof olderLayer>;
export type BlobMessage = Message<typeof blob>;
export type StateRuleMessage = Message<typeof stateRule>;
export type NetInput = MessageInput<typeof netSchema>;
export type LayerInput = MessageInput<typeof layer>;

/** Kinds of layers of the older format by their number. */
export const olderTypes: ReadonlyMap<number, { readonly word: string; readonly type: string }> = new Map(
  (
    [
      [35, 'ABSVAL', 'AbsVal'],
      [1, 'ACCURACY', 'Accuracy'],
      [30, 'ARGMAX', 'ArgMax'],
      [2, 'BNLL', 'BNLL'],
      [3, 'CONCAT', 'Concat'],
      [37, 'CONTRASTIVE_LOSS', 'ContrastiveLoss'],
      [4, 'CONVOLUTION', 'Convolution'],
      [5, 'DATA', 'Data'],
      [39, 'DECONVOLUTION', 'Deconvolution'],
      [6, 'DROPOUT', 'Dropout'],
      [32, 'DUMMY_DATA', 'DummyData'],
      [7, 'EUCLIDEAN_LOSS', 'EuclideanLoss'],
      [25, 'ELTWISE', 'Eltwise'],
      [38, 'EXP', 'Exp'],
      [8, 'FLATTEN', 'Flatten'],
      [9, 'HDF5_DATA', 'HDF5Data'],
      [10, 'HDF5_OUTPUT', 'HDF5Output'],
      [28, 'HINGE_LOSS', 'HingeLoss'],
      [11, 'IM2COL', 'Im2col'],
      [12, 'IMAGE_DATA', 'ImageData'],
      [13, 'INFOGAIN_LOSS', 'InfogainLoss'],
      [14, 'INNER_PRODUCT', 'InnerProduct'],
      [15, 'LRN', 'LRN'],
      [29, 'MEMORY_DATA', 'MemoryData'],
      [16, 'MULTINOMIAL_LOGISTIC_LOSS', 'MultinomialLogisticLoss'],
      [34, 'MVN', 'MVN'],
      [17, 'POOLING', 'Pooling'],
      [26, 'POWER', 'Power'],
      [18, 'RELU', 'ReLU'],
      [19, 'SIGMOID', 'Sigmoid'],
      [27, 'SIGMOID_CROSS_ENTROPY_LOSS', 'SigmoidCrossEntropyLoss'],
      [36, 'SILENCE', 'Silence'],
      [20, 'SOFTMAX', 'Softmax'],
      [21, 'SOFTMAX_LOSS', 'SoftmaxWithLoss'],
      [22, 'SPLIT', 'Split'],
      [33, 'SLICE', 'Slice'],
      [23, 'TANH', 'TanH'],
      [24, 'WINDOW_DATA', 'WindowData'],
      [31, 'THRESHOLD', 'Threshold'],
    ] as const
  ).map(([number, word, type]) => [number, { word, type }]),
);

/** Words that the text format has for the numbers of a choice, by the name of its field. */
export const choices: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  phase: { TRAIN: 0, TEST: 1 },
  pool: { MAX: 0, AVE: 1, STOCHASTIC: 2 },
  operation: { PROD: 0, SUM: 1, MAX: 2 },
  norm_region: { ACROSS_CHANNELS: 0, WITHIN_CHANNEL: 1 },
  round_mode: { CEIL: 0, FLOOR: 1 },
  type: Object.fromEntries([...olderTypes].map(([number, { word }]) => [word, number])),
};
