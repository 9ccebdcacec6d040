import type { LayerCall } from '../call';
import { activationClass, activationLayer, parametricLayer, softmaxLayer } from './activations';
import { average, combine, passing, rescaling, subtract } from './elementwise';
import { batchNorm, convolution, dense, depthwise, separable } from './layers';
import { globalPool, pool, zeroPadding } from './pooling';
import { concatenate, flatten, permute, reshape } from './shaping';

/** Adds the nodes of one call of a layer and returns the name of the value it answers with. */
export type LayerConverter = (call: LayerCall) => string;

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
  ['Softmax', softmaxLayer],
  ['MaxPooling2D', pool('max')],
  ['MaxPool2D', pool('max')],
  ['AveragePooling2D', pool('average')],
  ['AvgPool2D', pool('average')],
  ['GlobalAveragePooling2D', globalPool('average')],
  ['GlobalMaxPooling2D', globalPool('max')],
  ['ZeroPadding2D', zeroPadding],
  ['Add', combine('add')],
  ['Multiply', combine('multiply')],
  ['Average', average],
  ['Subtract', subtract],
  ['Concatenate', concatenate],
  ['Flatten', flatten],
  ['Reshape', reshape],
  ['Permute', permute],
  ['Rescaling', rescaling],
  ['Dropout', dropout],
  ['SpatialDropout2D', dropout],
  ['AlphaDropout', dropout],
  ['GaussianDropout', dropout],
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
