import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';
import { requireChannels } from './axes';

/** ReLU, leaky where it has a slope. */
export function relu(layer: CaffeLayer): void {
  const alpha = layer.message.relu_param?.negative_slope ?? 0;
  layer.emit({ kind: 'activation', function: alpha === 0 ? 'relu' : 'leakyRelu', alpha, beta: 0 });
}

/** ELU with its slope. */
export function eluAlpha(layer: CaffeLayer): void {
  const alpha = layer.message.elu_param?.alpha ?? 1;
  layer.emit({ kind: 'activation', function: 'elu', alpha, beta: 0 });
}

/** PReLU with a slope per channel; where all are the same it is a leaky ReLU. */
export function parametricRelu(layer: CaffeLayer): void {
  const blob = layer.context.weightsOf(layer.name)?.[0];
  const slopes = layer.weights(0, 'slope', blob?.data.length === 1 ? [1] : [layer.channels]);
  const [alpha = 0] = slopes;
  const isOne = slopes.every((slope) => slope === alpha);
  if (!isOne) requireChannels(layer, 1);
  layer.emit(
    isOne
      ? { kind: 'activation', function: 'leakyRelu', alpha, beta: 0 }
      : { kind: 'parametricRelu', slopes: { shape: [slopes.length], data: slopes } },
  );
}

/** Clip between two bounds; from 0 to 6 it is ReLU6. */
export function clip(layer: CaffeLayer): void {
  const { min, max } = layer.message.clip_param ?? {};
  if (min === undefined || max === undefined)
    return cannot(`it clips from ${min ?? 'no bound'} to ${max ?? 'no bound'}, expected two bounds.`);
  const isSix = min === 0 && max === 6;
  layer.emit(
    isSix
      ? { kind: 'activation', function: 'relu6', alpha: 0, beta: 0 }
      : { kind: 'activation', function: 'clip', alpha: min, beta: max },
  );
}

/** Softmax over channels. */
export function softmax(layer: CaffeLayer): void {
  requireChannels(layer, layer.message.softmax_param?.axis ?? 1);
  layer.emit({ kind: 'softmax' });
}

/** LRN across channels. */
export function localResponseNormalisation(layer: CaffeLayer): void {
  const { local_size: size = 5, alpha = 1, beta = 0.75, k = 1, norm_region } = layer.message.lrn_param ?? {};
  layer.imageShape();
  if (norm_region === 1) cannot('it normalises within channels, expected across them.');
  if (size < 1 || size % 2 === 0) cannot(`its window is ${size} channels, expected an odd number.`);
  layer.emit({ kind: 'localResponseNormalisation', size, alpha, beta, bias: k });
}
