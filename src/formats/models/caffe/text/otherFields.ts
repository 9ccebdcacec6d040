/**
 * Fields that Caffe and its common forks have in the settings of layers beside those that are read here: about
 * training, and about how to compute. Any other is a misspelt one, whose default would make another net.
 */
const others: Readonly<Record<string, readonly string[]>> = {
  convolution_param: ['weight_filler', 'bias_filler', 'engine', 'force_nd_im2col'],
  pooling_param: ['engine'],
  inner_product_param: ['weight_filler', 'bias_filler'],
  lrn_param: ['engine'],
  eltwise_param: ['stable_prod_grad'],
  concat_param: [],
  slice_param: [],
  power_param: [],
  exp_param: [],
  log_param: [],
  softmax_param: ['engine'],
  relu_param: ['engine'],
  prelu_param: ['filler'],
  elu_param: [],
  clip_param: [],
  flatten_param: [],
  reshape_param: [],
  crop_param: [],
  bias_param: ['filler'],
  scale_param: ['filler', 'bias_filler'],
  batch_norm_param: ['use_global_stats', 'moving_average_fraction'],
};

/** Whether a field that is not read here is none that the settings of a layer may have. */
export function isMisspelt(settings: string, field: string): boolean {
  return Object.hasOwn(others, settings) && !others[settings]!.includes(field);
}
