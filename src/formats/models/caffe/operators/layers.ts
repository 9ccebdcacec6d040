import type { Extent } from '../../../../network/graph';
import { sizeOf } from '../../../../network/shapes';
import { cannot } from '../../onnx/context';
import { permute } from '../../onnx/tensors';
import type { CaffeLayer } from '../layer';
import { isDepthwise } from '../net';
import { pairOf } from './sliding';

const one: Extent = { height: 1, width: 1 };

/** Convolution, also in types that are depthwise by name: kernel [O, I/g, D_h, D_w] → [D_h, D_w, I/g, O]. */
export function convolution(layer: CaffeLayer): void {
  const settings = layer.message.convolution_param ?? cannot('its convolution_param is missing.');
  const [, , inputs = 0] = layer.imageShape();
  const own = isDepthwise(layer.message) ? { outputs: inputs, groups: inputs } : { outputs: 0, groups: 1 };
  const { num_output: outputs = own.outputs, group = own.groups, bias_term = 1, axis = 1 } = settings;
  if (axis !== 1) cannot(`its channels are axis ${axis}, expected 1.`);
  if (group < 1 || inputs % group !== 0 || outputs % group !== 0 || outputs < 1)
    cannot(`${inputs} to ${outputs} channels cannot be split into ${group} groups.`);
  const window = pairOf('kernel', settings.kernel_size, settings.kernel_h, settings.kernel_w);
  if (!window) return cannot('its kernel_size is missing.');
  const pad = pairOf('pad', settings.pad, settings.pad_h, settings.pad_w) ?? { height: 0, width: 0 };
  const dims = [outputs, inputs / group, window.height, window.width];
  layer.emit({
    kind: 'conv2d',
    kernel: {
      shape: [window.height, window.width, inputs / group, outputs],
      data: permute(layer.weights(0, 'kernel', dims), dims, [2, 3, 1, 0]),
    },
    bias: bias_term ? layer.weights(1, 'bias', [outputs]) : null,
    stride: pairOf('stride', settings.stride, settings.stride_h, settings.stride_w) ?? one,
    dilation: pairOf('dilation', settings.dilation) ?? one,
    padding: { top: pad.height, bottom: pad.height, left: pad.width, right: pad.width },
    groups: group,
  });
}

/** InnerProduct: weights [outputs, inputs] → [inputs, outputs]; images are counted channels first. */
export function innerProduct(layer: CaffeLayer): void {
  const settings = layer.message.inner_product_param ?? cannot('its inner_product_param is missing.');
  const { num_output: outputs = 0, bias_term = 1, axis = 1, transpose = 0 } = settings;
  const shape = layer.shape();
  if (axis !== 1 && axis !== -shape.length) cannot(`it lumps axes from ${axis} on, expected 1.`);
  const inputs = sizeOf(shape);
  const dims = transpose ? [inputs, outputs] : [outputs, inputs];
  const weights = layer.weights(0, 'weight matrix', dims);
  const data = transpose ? weights : permute(weights, dims, [1, 0]);
  const bias = bias_term ? layer.weights(1, 'bias', [outputs]) : null;
  const input =
    shape.length === 1 ? layer.input : layer.emitBefore('flatten', { kind: 'flatten', order: 'chw' });
  layer.emit({ kind: 'dense', weights: { shape: [inputs, outputs], data }, bias }, [input]);
}
