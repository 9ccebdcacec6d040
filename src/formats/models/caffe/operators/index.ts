import type { ActivationFunction } from '../../../../network/graph';
import type { CaffeLayer } from '../layer';
import { batchNormalisation, bias, exponential, gatedSum, logarithm, power, scale } from './affine';
import { clip, eluAlpha, localResponseNormalisation, parametricRelu, relu, softmax } from './activations';
import { concatenation, eltwise } from './combining';
import { convolution, innerProduct } from './layers';
import { pooling } from './pooling';
import { crop, interpolate, permute, shuffleChannels, slice, upsample } from './regrouping';
import { flatten, reshape, split } from './shaping';

/** Adds the nodes of one layer to the graph. */
type Convert = (layer: CaffeLayer) => void;

/** Kinds of layers that the studio computes with. */
export const converters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['AbsVal', activation('abs')],
  ['Axpy', gatedSum],
  ['BNLL', activation('softplus')],
  ['BatchNorm', batchNormalisation],
  ['Bias', bias],
  ['Clip', clip],
  ['Concat', concatenation],
  ['Convolution', convolution],
  ['ConvolutionDepthwise', convolution],
  ['Crop', crop],
  ['DepthwiseConvolution', convolution],
  ['Dropout', (layer) => layer.emit({ kind: 'identity', origin: 'dropout' })],
  ['ELU', eluAlpha],
  ['Eltwise', eltwise],
  ['Exp', exponential],
  ['Flatten', flatten],
  ['InnerProduct', innerProduct],
  ['Interp', interpolate],
  ['LRN', localResponseNormalisation],
  ['Log', logarithm],
  ['PReLU', parametricRelu],
  ['Permute', permute],
  ['Pooling', pooling],
  ['Power', power],
  ['ReLU', relu],
  ['ReLU6', activation('relu6')],
  ['Reshape', reshape],
  ['Scale', scale],
  ['ShuffleChannel', shuffleChannels],
  ['Sigmoid', activation('sigmoid')],
  ['Slice', slice],
  ['Softmax', softmax],
  ['Split', split],
  ['Swish', activation('swish')],
  ['TanH', activation('tanh')],
  ['Upsample', upsample],
]);

function activation(name: ActivationFunction): Convert {
  return (layer) => layer.emit({ kind: 'activation', function: name, alpha: 0, beta: 0 });
}
