import { slimmed, type Architecture, type FileOptions } from './architecture';
import { KerasGraph, type KerasModel, type Value as KerasValue } from './keras';
import { TorchGraph, type Value } from './torch';

/** Stages of ShuffleNetV2 1.0× (Ma et al. 2018, table 5): their units and channels. */
const stages = [
  { units: 4, outputs: 116 },
  { units: 8, outputs: 232 },
  { units: 4, outputs: 464 },
] as const;

/** An ONNX graph and the size of the image at its current place, which the exporter writes into shapes. */
interface Place {
  readonly value: Value;
  readonly size: number;
}

const halved = (size: number) => Math.ceil(size / 2);

/** view → transpose → view, traced for one image, as torchvision's channel_shuffle is. */
function shuffled(graph: TorchGraph, { value, size }: Place): Value {
  const { name, channels } = value;
  const grouped = graph.integers([1, 2, channels / 2, size, size]);
  const apart = graph.add('Reshape', [name, grouped]);
  const turned = graph.add('Transpose', [apart], { perm: [0, 2, 1, 3, 4] });
  return { name: graph.add('Reshape', [turned, graph.integers([1, -1, size, size])]), channels };
}

const normalised = (graph: TorchGraph, value: Value) => graph.batchNorm(value);
const rectified = (graph: TorchGraph, value: Value) => graph.apply('Relu', normalised(graph, value));

/** Pointwise, depthwise, pointwise. */
function branch(graph: TorchGraph, value: Value, outputs: number, stride: number): Value {
  const first = rectified(graph, graph.convolution(value, outputs, 1));
  const spread = normalised(
    graph,
    graph.convolution(first, outputs, 3, { stride, groups: outputs, gain: 1 }),
  );
  return rectified(graph, graph.convolution(spread, outputs, 1));
}

function unit(graph: TorchGraph, { value, size }: Place, outputs: number): Place {
  const half = value.channels / 2;
  const lengths = graph.integers([half, half]);
  const [kept, changed] = graph.addSplit('Split', [value.name, lengths], { axis: 1 }, 2);
  const other = branch(graph, { name: changed!, channels: half }, outputs / 2, 1);
  const joined = graph.concat([{ name: kept!, channels: half }, other]);
  return { value: shuffled(graph, { value: joined, size }), size };
}

function reducingUnit(graph: TorchGraph, { value, size }: Place, outputs: number): Place {
  const { channels } = value;
  const spread = graph.convolution(value, channels, 3, { stride: 2, groups: channels, gain: 1 });
  const first = rectified(graph, graph.convolution(normalised(graph, spread), outputs / 2, 1));
  const joined = graph.concat([first, branch(graph, value, outputs / 2, 2)]);
  return { value: shuffled(graph, { value: joined, size: halved(size) }), size: halved(size) };
}

function onnx(options: FileOptions): Uint8Array {
  const common = { name: 'ShuffleNetV2 1.0×', opset: 13, batch: 1, seed: 301 };
  const graph = new TorchGraph({ ...common, size: options.size });
  const stem = rectified(graph, graph.convolution(graph.input, slimmed(24, options, 2), 3, { stride: 2 }));
  const pooled = graph.pool('MaxPool', stem, 3, 2, 1);
  let place: Place = { value: pooled, size: halved(halved(options.size)) };
  for (const { units, outputs } of stages) {
    const width = slimmed(outputs, options, 4);
    place = reducingUnit(graph, place, width);
    for (let index = 1; index < units; index++) place = unit(graph, place, width);
  }
  const last = rectified(graph, graph.convolution(place.value, slimmed(1024, options), 1));
  const mean = graph.apply('ReduceMean', last, { axes: [2, 3], keepdims: 0 });
  return graph.file(graph.linear(mean, slimmed(1000, options)));
}

/** Reshape, Permute, Reshape: how a channel shuffle is said in layers. */
function shuffledByKeras(graph: KerasGraph, value: KerasValue): KerasValue {
  const [height, width, channels] = value.shape as [number, number, number];
  const reshape = (input: KerasValue, shape: readonly number[]) =>
    graph.layer('Reshape', { name: undefined, target_shape: shape }, [input], shape);
  const apart = reshape(value, [height, width, 2, channels / 2]);
  const turned = [height, width, channels / 2, 2];
  return reshape(
    graph.layer('Permute', { name: undefined, dims: [1, 2, 4, 3] }, [apart], turned),
    value.shape,
  );
}

/** `x[..., start:stop]` of Keras 3. */
function channelsOf(graph: KerasGraph, value: KerasValue, start: number, stop: number): KerasValue {
  const [height, width] = value.shape as [number, number];
  const everything = { class_name: '__ellipsis__', config: {} };
  const channels = { class_name: '__slice__', config: { start, stop, step: null } };
  return graph.operation('GetItem', [value, [everything, channels]], [height, width, stop - start]);
}

const rectifiedByKeras = (graph: KerasGraph, value: KerasValue) =>
  graph.activation(graph.batchNorm(value, { epsilon: 1e-5 }), 'relu');

function branchByKeras(graph: KerasGraph, value: KerasValue, outputs: number, strides: number): KerasValue {
  const first = rectifiedByKeras(graph, graph.convolution(value, outputs, 1));
  const spread = graph.depthwise(first, 3, { strides, padding: 'same', gain: 1 });
  const normal = graph.batchNorm(spread, { epsilon: 1e-5 });
  return rectifiedByKeras(graph, graph.convolution(normal, outputs, 1));
}

function unitByKeras(graph: KerasGraph, value: KerasValue, outputs: number): KerasValue {
  const half = value.shape[2]! / 2;
  const kept = channelsOf(graph, value, 0, half);
  const other = branchByKeras(graph, channelsOf(graph, value, half, 2 * half), outputs / 2, 1);
  return shuffledByKeras(graph, graph.concatenate([kept, other]));
}

function reducingUnitByKeras(graph: KerasGraph, value: KerasValue, outputs: number): KerasValue {
  const spread = graph.depthwise(value, 3, { strides: 2, padding: 'same', gain: 1 });
  const normal = graph.batchNorm(spread, { epsilon: 1e-5 });
  const first = rectifiedByKeras(graph, graph.convolution(normal, outputs / 2, 1));
  return shuffledByKeras(graph, graph.concatenate([first, branchByKeras(graph, value, outputs / 2, 2)]));
}

/** In layers of Keras 3; keras.applications has none. */
function keras(options: FileOptions): KerasModel {
  const graph = new KerasGraph('shufflenet_v2', options.size, 302);
  const stem = { strides: 2, padding: 'same' } as const;
  let value = graph.convolution(graph.input, slimmed(24, options, 2), 3, stem);
  value = graph.pool('MaxPooling2D', rectifiedByKeras(graph, value), 3, 2, { padding: 'same' });
  for (const { units, outputs } of stages) {
    const width = slimmed(outputs, options, 4);
    value = reducingUnitByKeras(graph, value, width);
    for (let index = 1; index < units; index++) value = unitByKeras(graph, value, width);
  }
  value = rectifiedByKeras(graph, graph.convolution(value, slimmed(1024, options), 1));
  return {
    graph,
    output: graph.dense(graph.globalAverage(value), slimmed(1000, options), 'softmax', 'predictions'),
  };
}

const macs = { macs: 145e6, macsSource: '_ops of torchvision’s weights: 0.145 G; the paper: 146 M' };
const parameters = { parameters: 2_278_604, parametersSource: 'num_params of torchvision’s weights' };

export const shuffleNetV2: Architecture = {
  id: 'shufflenet-v2',
  title: 'ShuffleNetV2 1.0×',
  size: 224,
  onnx: { published: { ...macs, ...parameters }, file: onnx },
  keras: { published: { ...macs, ...parameters }, isForTfjs: false, model: keras },
};
