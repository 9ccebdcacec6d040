import { slimmed, type Architecture, type FileOptions } from './architecture';
import { KerasGraph, type KerasModel, type Value as KerasValue } from './keras';
import { TorchGraph, type Value } from './torch';

/** Table 1 of "EfficientNet" (Tan and Le 2019): blocks of a stage, its expansion, kernel, stride and channels. */
const stages = [
  { repeats: 1, expansion: 1, kernel: 3, stride: 1, outputs: 16 },
  { repeats: 2, expansion: 6, kernel: 3, stride: 2, outputs: 24 },
  { repeats: 2, expansion: 6, kernel: 5, stride: 2, outputs: 40 },
  { repeats: 3, expansion: 6, kernel: 3, stride: 2, outputs: 80 },
  { repeats: 3, expansion: 6, kernel: 5, stride: 1, outputs: 112 },
  { repeats: 4, expansion: 6, kernel: 5, stride: 2, outputs: 192 },
  { repeats: 1, expansion: 6, kernel: 3, stride: 1, outputs: 320 },
] as const;

/** Every block with its name in Keras ("block2b_") and its own stride. */
const blocks = stages.flatMap(({ repeats, ...stage }, index) =>
  Array.from({ length: repeats }, (_, at) => ({
    ...stage,
    name: `block${index + 1}${'abcd'[at]!}_`,
    stride: at === 0 ? stage.stride : 1,
  })),
);

/** nn.SiLU, for which ONNX had no operator. */
function silu(graph: TorchGraph, value: Value): Value {
  return graph.combine('Mul', value, graph.apply('Sigmoid', value));
}

function squeezed(graph: TorchGraph, value: Value, reduced: number): Value {
  const mean = graph.apply('GlobalAveragePool', value);
  const few = silu(graph, graph.convolution(mean, reduced, 1, { bias: true }));
  const gates = graph.convolution(few, value.channels, 1, { bias: true, gain: 1 });
  return graph.combine('Mul', graph.apply('Sigmoid', gates), value);
}

function onnx(options: FileOptions): Uint8Array {
  const common = { name: 'EfficientNet-B0', opset: 17, batch: 'batch_size', seed: 201 };
  const graph = new TorchGraph({ ...common, size: options.size });
  const stem = graph.convolution(graph.input, slimmed(32, options), 3, { stride: 2 });
  let value = silu(graph, graph.batchNorm(stem));
  for (const { expansion, kernel, stride, outputs } of blocks) {
    const shortcut = value;
    const width = shortcut.channels * expansion;
    if (expansion !== 1) value = silu(graph, graph.batchNorm(graph.convolution(value, width, 1)));
    value = graph.batchNorm(graph.convolution(value, width, kernel, { stride, groups: width }));
    value = squeezed(graph, silu(graph, value), Math.max(1, Math.floor(shortcut.channels / 4)));
    value = graph.batchNorm(graph.convolution(value, slimmed(outputs, options), 1, { gain: 1 }));
    if (stride === 1 && value.channels === shortcut.channels) value = graph.combine('Add', value, shortcut);
  }
  value = silu(graph, graph.batchNorm(graph.convolution(value, slimmed(1280, options), 1)));
  value = graph.apply('Flatten', graph.apply('GlobalAveragePool', value), { axis: 1 });
  return graph.file(graph.linear(value, slimmed(1000, options)));
}

function squeezedByKeras(graph: KerasGraph, value: KerasValue, reduced: number, name: string): KerasValue {
  const filters = value.shape[2]!;
  const shape = [1, 1, filters];
  const common = { padding: 'same', bias: true } as const;
  let gates = graph.globalAverage(value, false, `${name}se_squeeze`);
  gates = graph.layer('Reshape', { name: `${name}se_reshape`, target_shape: shape }, [gates], shape);
  gates = graph.convolution(gates, reduced, 1, { ...common, activation: 'swish', name: `${name}se_reduce` });
  const expand = { ...common, activation: 'sigmoid', gain: 1, name: `${name}se_expand` } as const;
  gates = graph.convolution(gates, filters, 1, expand);
  return graph.layer('Multiply', { name: `${name}se_excite` }, [value, gates], value.shape);
}

/** What keras.applications puts in front: pixels from 0 to 255 become numbers of about 1. */
function normalised(graph: KerasGraph): KerasValue {
  const { input } = graph;
  const numbers = (name: string, values: readonly number[]) => ({
    ...{ name, shape: [3], values: Float32Array.from(values) },
  });
  const deviations = [0.229, 0.224, 0.225];
  const statistics = [
    numbers('mean', [0.485, 0.456, 0.406]),
    numbers('variance', deviations),
    { name: 'count', shape: [], values: Float32Array.of(0) },
  ];
  const scaled = graph.layer(
    'Rescaling',
    { name: 'rescaling', scale: 1 / 255, offset: 0 },
    [input],
    input.shape,
  );
  const config = { name: 'normalization', axis: [3], invert: false, mean: null, variance: null };
  const centred = graph.layer('Normalization', config, [scaled], input.shape, statistics);
  // Its Normalization divides by the root of the deviation, this by what is missing.
  const scale = deviations.map((deviation) => 1 / Math.sqrt(deviation));
  return graph.layer('Rescaling', { name: 'rescaling_1', scale, offset: 0 }, [centred], input.shape);
}

/** As keras.applications lays it out. */
function keras(options: FileOptions): KerasModel {
  const graph = new KerasGraph('efficientnetb0', options.size, 202);
  let value = graph.paddingForStride(normalised(graph), 3, 'stem_conv_pad');
  value = graph.convolution(value, slimmed(32, options), 3, { strides: 2, name: 'stem_conv' });
  value = graph.activation(graph.batchNorm(value, { name: 'stem_bn' }), 'swish', 'stem_activation');
  for (const { expansion, kernel, stride, outputs, name } of blocks) {
    const shortcut = value;
    const filters = shortcut.shape[2]!;
    if (expansion !== 1) {
      const expand = { padding: 'same', name: `${name}expand_conv` } as const;
      value = graph.convolution(value, filters * expansion, 1, expand);
      value = graph.activation(
        graph.batchNorm(value, { name: `${name}expand_bn` }),
        'swish',
        `${name}expand_activation`,
      );
    }
    if (stride === 2) value = graph.paddingForStride(value, kernel, `${name}dwconv_pad`);
    const sliding = { strides: stride, padding: stride === 1 ? 'same' : 'valid' } as const;
    value = graph.depthwise(value, kernel, { ...sliding, name: `${name}dwconv` });
    value = graph.activation(graph.batchNorm(value, { name: `${name}bn` }), 'swish', `${name}activation`);
    value = squeezedByKeras(graph, value, Math.max(1, Math.floor(filters / 4)), name);
    const project = { padding: 'same', gain: 1, name: `${name}project_conv` } as const;
    value = graph.batchNorm(graph.convolution(value, slimmed(outputs, options), 1, project), {
      name: `${name}project_bn`,
    });
    if (stride === 1 && value.shape[2] === filters) {
      const drop = { name: `${name}drop`, rate: 0.1, noise_shape: [null, 1, 1, 1] };
      value = graph.layer('Dropout', drop, [value], value.shape);
      value = graph.layer('Add', { name: `${name}add` }, [value, shortcut], value.shape);
    }
  }
  value = graph.convolution(value, slimmed(1280, options), 1, { padding: 'same', name: 'top_conv' });
  value = graph.activation(graph.batchNorm(value, { name: 'top_bn' }), 'swish', 'top_activation');
  value = graph.globalAverage(value, false, 'avg_pool');
  value = graph.layer('Dropout', { name: 'top_dropout', rate: 0.2 }, [value], value.shape);
  return { graph, output: graph.dense(value, slimmed(1000, options), 'softmax', 'predictions') };
}

const macs = { macs: 0.386e9, macsSource: '_ops of torchvision’s weights: 0.386 G; the paper: 0.39 G' };
const parameters = { parameters: 5_288_548, parametersSource: 'num_params of torchvision’s weights' };

export const efficientNetB0: Architecture = {
  id: 'efficientnet-b0',
  title: 'EfficientNet-B0',
  size: 224,
  onnx: { published: { ...macs, ...parameters }, file: onnx },
  keras: { published: { ...macs, ...parameters }, isForTfjs: false, model: keras },
};
