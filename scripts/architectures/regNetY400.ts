import { slimmed, type Architecture, type FileOptions } from './architecture';
import { KerasGraph, type KerasModel, type Value as KerasValue } from './keras';
import { TorchGraph, type Value } from './torch';

/** RegNetY-400MF (Radosavovic et al. 2020, table 4): blocks and channels of its stages, channels of a group. */
const stages = [
  { blocks: 1, outputs: 48 },
  { blocks: 3, outputs: 104 },
  { blocks: 6, outputs: 208 },
  { blocks: 6, outputs: 440 },
] as const;
const groupWidth = 8;
const stemWidth = 32;

/** Every block: its channels and its stride. */
const blocks = stages.flatMap(({ blocks: count, outputs }) =>
  Array.from({ length: count }, (_, index) => ({ outputs, stride: index === 0 ? 2 : 1, index })),
);

function squeezed(graph: TorchGraph, value: Value, reduced: number): Value {
  const mean = graph.apply('GlobalAveragePool', value);
  const few = graph.apply('Relu', graph.convolution(mean, reduced, 1, { bias: true }));
  const gates = graph.convolution(few, value.channels, 1, { bias: true, gain: 1 });
  return graph.combine('Mul', graph.apply('Sigmoid', gates), value);
}

function block(graph: TorchGraph, input: Value, width: number, stride: number): Value {
  const shortcut =
    stride === 1 && input.channels === width
      ? input
      : graph.batchNorm(graph.convolution(input, width, 1, { stride, gain: 1 }));
  const first = graph.apply('Relu', graph.batchNorm(graph.convolution(input, width, 1)));
  const groups = width / groupWidth;
  const second = graph.batchNorm(graph.convolution(first, width, 3, { stride, groups }));
  const gated = squeezed(graph, graph.apply('Relu', second), Math.round(input.channels / 4));
  const third = graph.batchNorm(graph.convolution(gated, width, 1, { gain: 1 }));
  return graph.apply('Relu', graph.combine('Add', shortcut, third));
}

function onnx(options: FileOptions): Uint8Array {
  const common = { name: 'RegNetY-400MF', opset: 16, batch: 'batch', seed: 501 };
  const graph = new TorchGraph({ ...common, size: options.size });
  const stem = graph.convolution(graph.input, slimmed(stemWidth, options, groupWidth), 3, { stride: 2 });
  let value = graph.apply('Relu', graph.batchNorm(stem));
  for (const { outputs, stride } of blocks)
    value = block(graph, value, slimmed(outputs, options, groupWidth), stride);
  value = graph.apply('Flatten', graph.apply('GlobalAveragePool', value), { axis: 1 });
  return graph.file(graph.linear(value, slimmed(1000, options)));
}

const epsilon = 1e-5;

function rectifiedByKeras(graph: KerasGraph, value: KerasValue, name: string): KerasValue {
  const normal = graph.batchNorm(value, { name: `${name}_bn`, epsilon });
  return graph.layer('ReLU', { name: `${name}_relu`, max_value: null }, [normal], normal.shape);
}

function squeezedByKeras(graph: KerasGraph, value: KerasValue, reduced: number, name: string): KerasValue {
  const place = `${name}_squeeze_and_excite`;
  const mean = graph.globalAverage(value, true, `${place}_gap`);
  const squeeze = { bias: true, activation: 'relu', name: `${place}_squeeze` } as const;
  const few = graph.convolution(mean, reduced, 1, squeeze);
  const excite = { bias: true, gain: 1, activation: 'sigmoid', name: `${place}_excite` } as const;
  const gates = graph.convolution(few, value.shape[2]!, 1, excite);
  return graph.operation('Multiply', [gates, value], value.shape);
}

function blockByKeras(graph: KerasGraph, input: KerasValue, width: number, strides: number, name: string) {
  let skip = input;
  if (strides !== 1) {
    skip = graph.convolution(input, width, 1, { strides, gain: 1, name: `${name}_skip_1x1` });
    skip = graph.batchNorm(skip, { name: `${name}_skip_bn`, epsilon });
  }
  let value = graph.convolution(input, width, 1, { name: `${name}_conv_1x1_1` });
  value = rectifiedByKeras(graph, value, `${name}_conv_1x1_1`);
  const grouped = { strides, groups: width / groupWidth, padding: 'same', name: `${name}_conv_3x3` } as const;
  value = rectifiedByKeras(graph, graph.convolution(value, width, 3, grouped), `${name}_conv_3x3`);
  value = squeezedByKeras(graph, value, Math.floor(input.shape[2]! / 4), name);
  value = graph.convolution(value, width, 1, { gain: 1, name: `${name}_conv_1x1_2` });
  value = graph.batchNorm(value, { name: `${name}_conv_1x1_2_bn`, epsilon });
  const sum = graph.operation('Add', [value, skip], value.shape);
  return graph.layer('ReLU', { name: `${name}_exit_relu`, max_value: null }, [sum], sum.shape);
}

/** As keras.applications lays it out, its pixels from 0 to 255. */
function keras(options: FileOptions): KerasModel {
  const graph = new KerasGraph('regnety004', options.size, 502);
  const rescaling = { name: 'regnety004_prestem_rescaling', scale: 1 / 255, offset: 0 };
  let value = graph.layer('Rescaling', rescaling, [graph.input], graph.input.shape);
  const stem = { strides: 2, padding: 'same', name: 'regnety004_stem_conv' } as const;
  value = graph.convolution(value, slimmed(stemWidth, options, groupWidth), 3, stem);
  value = rectifiedByKeras(graph, value, 'regnety004_stem');
  let stage = -1;
  for (const { outputs, stride, index } of blocks) {
    if (index === 0) stage++;
    const name = `regnety004_Stage_${stage}_YBlock_${index}`;
    value = blockByKeras(graph, value, slimmed(outputs, options, groupWidth), stride, name);
  }
  value = graph.globalAverage(value, false, 'regnety004_head_gap');
  return { graph, output: graph.dense(value, slimmed(1000, options), 'softmax', 'regnety004head_dense') };
}

const macs = { macs: 0.402e9, macsSource: '_ops of torchvision’s weights: 0.402 G; the paper: 0.4 G' };
const parameters = { parameters: 4_344_144, parametersSource: 'num_params of torchvision’s weights' };

export const regNetY400: Architecture = {
  id: 'regnet-y-400mf',
  title: 'RegNetY-400MF',
  size: 224,
  onnx: { published: { ...macs, ...parameters }, file: onnx },
  keras: { published: { ...macs, ...parameters }, isForTfjs: false, model: keras },
};
