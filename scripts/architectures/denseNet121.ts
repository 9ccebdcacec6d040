import { slimmed, type Architecture, type FileOptions } from './architecture';
import { KerasGraph, type KerasModel, type Value as KerasValue } from './keras';
import { TorchGraph, type Value } from './torch';

/** Layers of the four dense blocks (Huang et al. 2017, table 1), each of which adds 32 channels. */
const blocks = [6, 12, 24, 16];
const growth = 32;

const rectified = (graph: TorchGraph, value: Value) => graph.apply('Relu', graph.batchNorm(value));

function denseLayer(graph: TorchGraph, value: Value, options: FileOptions): Value {
  const narrow = graph.convolution(rectified(graph, value), 4 * slimmed(growth, options), 1);
  const added = graph.convolution(rectified(graph, narrow), slimmed(growth, options), 3);
  return graph.concat([value, added]);
}

function onnx(options: FileOptions): Uint8Array {
  const graph = new TorchGraph({ name: 'DenseNet-121', opset: 9, batch: 1, size: options.size, seed: 401 });
  const stem = graph.convolution(graph.input, slimmed(64, options), 7, { stride: 2 });
  let value = graph.pool('MaxPool', rectified(graph, stem), 3, 2, 1);
  for (const [index, layers] of blocks.entries()) {
    for (let layer = 0; layer < layers; layer++) value = denseLayer(graph, value, options);
    if (index === blocks.length - 1) continue;
    const half = graph.convolution(rectified(graph, value), Math.floor(value.channels / 2), 1);
    value = graph.pool('AveragePool', half, 2, 2);
  }
  value = graph.apply('GlobalAveragePool', rectified(graph, value));
  return graph.file(graph.linear(graph.apply('Flatten', value, { axis: 1 }), slimmed(1000, options)));
}

function rectifiedByKeras(graph: KerasGraph, value: KerasValue, bn: string, relu: string): KerasValue {
  return graph.activation(graph.batchNorm(value, { name: bn, epsilon: 1.001e-5 }), 'relu', relu);
}

function denseLayerByKeras(
  graph: KerasGraph,
  value: KerasValue,
  name: string,
  options: FileOptions,
): KerasValue {
  const first = rectifiedByKeras(graph, value, `${name}_0_bn`, `${name}_0_relu`);
  const narrow = graph.convolution(first, 4 * slimmed(growth, options), 1, { name: `${name}_1_conv` });
  const second = rectifiedByKeras(graph, narrow, `${name}_1_bn`, `${name}_1_relu`);
  const widening = { padding: 'same', name: `${name}_2_conv` } as const;
  return graph.concatenate(
    [value, graph.convolution(second, slimmed(growth, options), 3, widening)],
    `${name}_concat`,
  );
}

/** As keras.applications lays it out. */
function keras(options: FileOptions): KerasModel {
  const graph = new KerasGraph('densenet121', options.size, 402);
  let value = graph.zeroPadding(
    graph.input,
    [
      [3, 3],
      [3, 3],
    ],
    'zero_padding2d',
  );
  value = graph.convolution(value, slimmed(64, options), 7, { strides: 2, name: 'conv1_conv' });
  value = rectifiedByKeras(graph, value, 'conv1_bn', 'conv1_relu');
  value = graph.zeroPadding(
    value,
    [
      [1, 1],
      [1, 1],
    ],
    'zero_padding2d_1',
  );
  value = graph.pool('MaxPooling2D', value, 3, 2, { name: 'pool1' });
  for (const [index, layers] of blocks.entries()) {
    for (let layer = 1; layer <= layers; layer++)
      value = denseLayerByKeras(graph, value, `conv${index + 2}_block${layer}`, options);
    if (index === blocks.length - 1) continue;
    const name = `pool${index + 2}`;
    const half = Math.floor(value.shape[2]! / 2);
    value = graph.convolution(rectifiedByKeras(graph, value, `${name}_bn`, `${name}_relu`), half, 1, {
      name: `${name}_conv`,
    });
    value = graph.pool('AveragePooling2D', value, 2, 2, { name: `${name}_pool` });
  }
  value = graph.globalAverage(rectifiedByKeras(graph, value, 'bn', 'relu'), false, 'avg_pool');
  return { graph, output: graph.dense(value, slimmed(1000, options), 'softmax', 'predictions') };
}

const macs = { macs: 2.834e9, macsSource: '_ops of torchvision’s weights: 2.834 G' };
const parameters = { parameters: 7_978_856, parametersSource: 'num_params of torchvision’s weights' };

export const denseNet121: Architecture = {
  id: 'densenet-121',
  title: 'DenseNet-121',
  size: 224,
  onnx: { published: { ...macs, ...parameters }, file: onnx },
  keras: { published: { ...macs, ...parameters }, isForTfjs: true, model: keras },
};
