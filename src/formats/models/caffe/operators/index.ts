import type { ActivationFunction } from '../../../../network/graph';
import type { CaffeLayer } from '../layer';
import { batchNormalisation, bias, power, scale } from './affine';
import { clip, eluAlpha, localResponseNormalisation, parametricRelu, relu, softmax } from './activations';
import { concatenation, eltwise } from './combining';
import { convolution, innerProduct } from './layers';
import { pooling } from './pooling';
import { flatten, reshape, split } from './shaping';

/** Adds the nodes of one layer to the graph. */
type Convert = (layer: CaffeLayer) => void;

/** Kinds of layers that the studio computes with. */
export const converters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['BatchNorm', batchNormalisation],
  ['Bias', bias],
  ['Clip', clip],
  ['Concat', concatenation],
  ['Convolution', convolution],
  ['ConvolutionDepthwise', convolution],
  ['DepthwiseConvolution', convolution],
  ['Dropout', (layer) => layer.emit({ kind: 'identity', origin: 'dropout' })],
  ['ELU', eluAlpha],
  ['Eltwise', eltwise],
  ['Flatten', flatten],
  ['InnerProduct', innerProduct],
  ['LRN', localResponseNormalisation],
  ['PReLU', parametricRelu],
  ['Pooling', pooling],
  ['Power', power],
  ['ReLU', relu],
  ['ReLU6', activation('relu6')],
  ['Reshape', reshape],
  ['Scale', scale],
  ['Sigmoid', activation('sigmoid')],
  ['Softmax', softmax],
  ['Split', split],
  ['TanH', activation('tanh')],
]);

function activation(name: ActivationFunction): Convert {
  return (layer) => layer.emit({ kind: 'activation', function: name, alpha: 0, beta: 0 });
}
