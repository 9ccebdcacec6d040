import { nextToEight, slimmed, type Architecture, type FileOptions } from './architecture';
import { KerasGraph, type KerasModel, type Value as KerasValue } from './keras';
import { TorchGraph, type Value } from './torch';

interface Block {
  readonly kernel: number;
  readonly expanded: number;
  readonly outputs: number;
  readonly squeezes: boolean;
  readonly activation: 'Relu' | 'HardSwish';
  readonly stride: number;
}

const block = (
  kernel: number,
  expanded: number,
  outputs: number,
  squeezes: boolean,
  activation: Block['activation'],
  stride: number,
): Block => ({ kernel, expanded, outputs, squeezes, activation, stride });

/** Table 2 of "Searching for MobileNetV3" (Howard et al. 2019). */
const blocks: readonly Block[] = [
  block(3, 16, 16, true, 'Relu', 2),
  block(3, 72, 24, false, 'Relu', 2),
  block(3, 88, 24, false, 'Relu', 1),
  block(5, 96, 40, true, 'HardSwish', 2),
  block(5, 240, 40, true, 'HardSwish', 1),
  block(5, 240, 40, true, 'HardSwish', 1),
  block(5, 120, 48, true, 'HardSwish', 1),
  block(5, 144, 48, true, 'HardSwish', 1),
  block(5, 288, 96, true, 'HardSwish', 2),
  block(5, 576, 96, true, 'HardSwish', 1),
  block(5, 576, 96, true, 'HardSwish', 1),
];

/** Squeeze and excite with a hard sigmoid, as torchvision's SqueezeExcitation is exported. */
function squeezed(graph: TorchGraph, value: Value): Value {
  const { channels } = value;
  const mean = graph.apply('GlobalAveragePool', value);
  const reduced = graph.convolution(mean, nextToEight(Math.floor(channels / 4)), 1, { bias: true });
  const gates = graph.convolution(graph.apply('Relu', reduced), channels, 1, { bias: true, gain: 1 });
  return graph.combine('Mul', graph.apply('HardSigmoid', gates, { alpha: 1 / 6 }), value);
}

function onnx(options: FileOptions): Uint8Array {
  const common = { name: 'MobileNetV3-small', opset: 14, batch: 'batch', seed: 101 };
  const graph = new TorchGraph({ ...common, size: options.size });
  const normalised = (value: Value) => graph.batchNorm(value, 1e-3);
  const first = graph.convolution(graph.input, slimmed(16, options), 3, { stride: 2 });
  let value = graph.apply('HardSwish', normalised(first));
  for (const { kernel, expanded, outputs, squeezes, activation, stride } of blocks) {
    const shortcut = value;
    const width = slimmed(expanded, options);
    if (width !== value.channels)
      value = graph.apply(activation, normalised(graph.convolution(value, width, 1)));
    value = normalised(graph.convolution(value, width, kernel, { stride, groups: width }));
    value = graph.apply(activation, value);
    if (squeezes) value = squeezed(graph, value);
    value = normalised(graph.convolution(value, slimmed(outputs, options), 1, { gain: 1 }));
    if (stride === 1 && value.channels === shortcut.channels) value = graph.combine('Add', value, shortcut);
  }
  value = graph.apply('HardSwish', normalised(graph.convolution(value, slimmed(576, options), 1)));
  value = graph.apply('Flatten', graph.apply('GlobalAveragePool', value), { axis: 1 });
  value = graph.apply('HardSwish', graph.linear(value, slimmed(1024, options), 2));
  return graph.file(graph.linear(value, slimmed(1000, options)));
}

/** A hard sigmoid as keras.applications writes it: `ReLU(6.0)(x + 3.0) * (1.0 / 6.0)`. */
function hardSigmoid(graph: KerasGraph, value: KerasValue): KerasValue {
  const { shape } = value;
  const shifted = graph.operation('Add', [value, 3], shape);
  const config = { name: undefined, max_value: 6, negative_slope: 0, threshold: 0 };
  return graph.operation('Multiply', [graph.layer('ReLU', config, [shifted], shape), 1 / 6], shape);
}

function squeezedByKeras(graph: KerasGraph, value: KerasValue, prefix: string): KerasValue {
  const filters = value.shape[2]!;
  const place = `${prefix}squeeze_excite_`;
  const convolution = { padding: 'same', bias: true } as const;
  const mean = graph.globalAverage(value, true, `${place}avg_pool`);
  const reduced = graph.convolution(mean, nextToEight(filters / 4), 1, {
    ...convolution,
    name: `${place}conv`,
  });
  const relu = graph.layer('ReLU', { name: `${place}relu`, max_value: null }, [reduced], reduced.shape);
  const gates = graph.convolution(relu, filters, 1, { ...convolution, gain: 1, name: `${place}conv_1` });
  return graph.layer('Multiply', { name: `${place}mul` }, [value, hardSigmoid(graph, gates)], value.shape);
}

function activated(graph: KerasGraph, value: KerasValue, activation: Block['activation']): KerasValue {
  if (activation === 'HardSwish') return graph.activation(value, 'hard_silu');
  return graph.layer('ReLU', { name: undefined, max_value: null }, [value], value.shape);
}

/** As keras.applications lays it out, its pixels from 0 to 255. */
function keras(options: FileOptions): KerasModel {
  const graph = new KerasGraph('MobileNetV3Small', options.size, 102);
  const rescaling = { name: undefined, scale: 1 / 127.5, offset: -1 };
  let value = graph.layer('Rescaling', rescaling, [graph.input], graph.input.shape);
  value = graph.convolution(value, slimmed(16, options), 3, { strides: 2, padding: 'same', name: 'conv' });
  value = activated(graph, graph.batchNorm(value, { name: 'conv_bn' }), 'HardSwish');
  for (const [index, { kernel, expanded, outputs, squeezes, activation, stride }] of blocks.entries()) {
    const shortcut = value;
    const prefix = index === 0 ? 'expanded_conv_' : `expanded_conv_${index}_`;
    if (index > 0) {
      const name = `${prefix}expand`;
      value = graph.convolution(value, slimmed(expanded, options), 1, { padding: 'same', name });
      value = activated(graph, graph.batchNorm(value, { name: `${name}_bn` }), activation);
    }
    if (stride === 2) value = graph.paddingForStride(value, kernel, `${prefix}depthwise_pad`);
    const sliding = { strides: stride, padding: stride === 1 ? 'same' : 'valid' } as const;
    value = graph.depthwise(value, kernel, { ...sliding, name: `${prefix}depthwise` });
    value = activated(graph, graph.batchNorm(value, { name: `${prefix}depthwise_bn` }), activation);
    if (squeezes) value = squeezedByKeras(graph, value, prefix);
    const project = { padding: 'same', gain: 1, name: `${prefix}project` } as const;
    value = graph.convolution(value, slimmed(outputs, options), 1, project);
    value = graph.batchNorm(value, { name: `${prefix}project_bn` });
    if (stride === 1 && value.shape[2] === shortcut.shape[2])
      value = graph.layer('Add', { name: `${prefix}add` }, [shortcut, value], value.shape);
  }
  value = graph.convolution(value, slimmed(576, options), 1, { padding: 'same', name: 'conv_1' });
  value = activated(graph, graph.batchNorm(value, { name: 'conv_1_bn' }), 'HardSwish');
  value = graph.globalAverage(value, true);
  const head = { padding: 'same', bias: true } as const;
  value = graph.convolution(value, slimmed(1024, options), 1, { ...head, name: 'conv_2' });
  value = activated(graph, value, 'HardSwish');
  value = graph.layer('Dropout', { name: undefined, rate: 0.2 }, [value], value.shape);
  value = graph.convolution(value, slimmed(1000, options), 1, { ...head, gain: 1, name: 'logits' });
  value = graph.layer(
    'Flatten',
    { name: undefined, data_format: 'channels_last' },
    [value],
    value.shape.slice(2),
  );
  return { graph, output: graph.activation(value, 'softmax', 'predictions') };
}

const macs = { macs: 56e6, macsSource: 'Howard et al. 2019, table 3: 56 M multiply-adds' };
const parameters = { parameters: 2_542_856, parametersSource: 'num_params of torchvision’s weights' };

export const mobileNetV3Small: Architecture = {
  id: 'mobilenet-v3-small',
  title: 'MobileNetV3-small',
  size: 224,
  onnx: { published: { ...macs, ...parameters }, file: onnx },
  keras: { published: { ...macs, ...parameters }, isForTfjs: false, model: keras },
};
