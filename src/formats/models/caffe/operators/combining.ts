import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';

const [product, maximum] = [0, 2];

/** Eltwise sum or product. */
export function eltwise(layer: CaffeLayer): void {
  const { operation = 1, coeff = new Float32Array(0) } = layer.message.eltwise_param ?? {};
  if (operation === maximum) cannot('it takes the greatest value, expected a sum or a product.');
  if (operation !== product && coeff.some((factor) => factor !== 1))
    cannot(`its coefficients are ${coeff.join(', ')}, expected ones.`);
  const shapes = layer.inputs.map((_, index) => layer.shape(index).join('×'));
  if (new Set(shapes).size > 1) cannot(`its inputs are of different sizes: ${shapes.join(' and ')}.`);
  layer.emit({ kind: operation === product ? 'multiply' : 'add' }, layer.inputs);
}

/** Concat; Caffe counts the axes of [N, C, H, W]. */
export function concatenation(layer: CaffeLayer): void {
  const { axis, concat_dim } = layer.message.concat_param ?? {};
  const rank = layer.shape().length;
  const given = axis ?? concat_dim ?? 1;
  const fromFront = given < 0 ? given + rank + 1 : given;
  const ours = rank === 3 ? [2, 0, 1][fromFront - 1] : [0][fromFront - 1];
  layer.emit({ kind: 'concat', axis: ours ?? cannot(`it joins along axis ${given}.`) }, layer.inputs);
}
