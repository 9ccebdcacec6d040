import type { LayerConverter } from '../call';
import { activationClass, activationLayer, overLastAxis, parametricLayer } from './activations';
import { average, combine, dot, layerNormalisation, normalization, passing, rescaling } from './arithmetic';
import { functionLayer } from './functions';
import { batchNorm, convolution, dense, depthwise, separable } from './layers';
import { globalPool, pool, zeroPadding } from './pooling';
import { cropping } from './rearranging';
import { resizing, upsampling } from './resizing';
import { sequenceLayers } from './sequences';
import { concatenate, flatten, permute, reshape } from './shaping';

const dropout = passing('dropout');
const identity = passing('identity');

/** Every layer class that can be computed. */
export const converters: ReadonlyMap<string, LayerConverter> = new Map<string, LayerConverter>([
  ['Conv2D', convolution],
  ['Convolution2D', convolution],
  ['DepthwiseConv2D', depthwise],
  ['SeparableConv2D', separable],
  ['Dense', dense],
  ['BatchNormalization', batchNorm],
  ['Activation', activationLayer],
  ['ReLU', activationClass],
  ['LeakyReLU', activationClass],
  ['ELU', activationClass],
  ['PReLU', parametricLayer],
  ['Softmax', overLastAxis({ kind: 'softmax' })],
  ['MaxPooling2D', pool('max')],
  ['MaxPool2D', pool('max')],
  ['AveragePooling2D', pool('average')],
  ['AvgPool2D', pool('average')],
  ['GlobalAveragePooling2D', globalPool('average')],
  ['GlobalMaxPooling2D', globalPool('max')],
  ['GlobalAvgPool2D', globalPool('average')],
  ['GlobalMaxPool2D', globalPool('max')],
  ['ZeroPadding2D', zeroPadding],
  ...sequenceLayers,
  ['Add', combine('add')],
  ['Multiply', combine('multiply')],
  ['Average', average],
  ['Subtract', combine('subtract')],
  ['Maximum', combine('maximum')],
  ['Minimum', combine('minimum')],
  ['Concatenate', concatenate],
  ['Dot', dot],
  ['Flatten', flatten],
  ['Reshape', reshape],
  ['Permute', permute],
  ['Rescaling', rescaling],
  ['LayerNormalization', layerNormalisation],
  ['Normalization', normalization],
  ['Cropping2D', cropping],
  ['UpSampling2D', upsampling],
  ['Resizing', resizing],
  ['TFOpLambda', functionLayer],
  ['SlicingOpLambda', functionLayer],
  ['Dropout', dropout],
  ['SpatialDropout1D', dropout],
  ['SpatialDropout2D', dropout],
  ['AlphaDropout', dropout],
  ['GaussianDropout', dropout],
  ['FixedDropout', dropout],
  ['GaussianNoise', identity],
  ['ActivityRegularization', identity],
  ['Identity', identity],
  ['RandomFlip', identity],
  ['RandomRotation', identity],
  ['RandomZoom', identity],
  ['RandomTranslation', identity],
  ['RandomContrast', identity],
  ['RandomBrightness', identity],
]);
