import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';
import { times } from './affine';
import { ourAxis } from './axes';

const [product, maximum] = [0, 2];

/** Eltwise sum, with coefficients or without, product or maximum. */
export function eltwise(layer: CaffeLayer): void {
  const { operation = 1, coeff = new Float32Array(0) } = layer.message.eltwise_param ?? {};
  const shapes = layer.inputs.map((_, index) => layer.shape(index).join('×'));
  if (new Set(shapes).size > 1) cannot(`its inputs are of different sizes: ${shapes.join(' and ')}.`);
  if (operation === product) return void layer.emit({ kind: 'multiply' }, layer.inputs);
  if (operation === maximum)
    return void layer.emit({ kind: 'elementwise', function: 'maximum' }, layer.inputs);
  if (coeff.length === 2 && coeff[0] === 1 && coeff[1] === -1 && layer.inputs.length === 2)
    return void layer.emit({ kind: 'elementwise', function: 'subtract' }, layer.inputs);
  const summands = layer.inputs.map((value, index) =>
    (coeff[index] ?? 1) === 1 ? value : times(layer, index, coeff[index]!),
  );
  layer.emit({ kind: 'add' }, summands);
}

/** Concat; Caffe counts the axes of [N, C, H, W]. */
export function concatenation(layer: CaffeLayer): void {
  const { axis, concat_dim } = layer.message.concat_param ?? {};
  const given = axis ?? concat_dim ?? 1;
  layer.emit({ kind: 'concat', axis: ourAxis(layer, given, 'joins') }, layer.inputs);
}
