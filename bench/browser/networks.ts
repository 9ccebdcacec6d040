import { readFileSync } from 'node:fs';
import type { FileOptions } from '../../scripts/architectures/architecture';
import { inceptionV3 } from '../../scripts/architectures/inceptionV3';
import { TorchGraph, type Value } from '../../scripts/architectures/torch';
import { referencePath } from '../../scripts/reference';

/** A network that is timed. */
export interface TimedNetwork {
  readonly name: string;
  /** Height and width of its images, in pixels. */
  readonly size: number;
  /** Images that one round runs on. */
  readonly images: number;
  /** The ONNX file, with as many images a batch as one likes; null where it is missing. */
  readonly file: () => Uint8Array | null;
}

const published: FileOptions = { size: 224, slimmer: 1 };
const graphOf = (name: string, seed: number) =>
  new TorchGraph({ name, opset: 13, batch: 'batch', size: published.size, seed });

const normalised = (graph: TorchGraph, value: Value) => graph.batchNorm(value);
const rectified = (graph: TorchGraph, value: Value) => graph.apply('Relu', normalised(graph, value));

const classes = (graph: TorchGraph, value: Value) =>
  graph.file(graph.linear(graph.apply('Flatten', graph.apply('GlobalAveragePool', value)), 1000));

/** ResNet-50 (He et al. 2016), stride in the 3×3 convolutions as torchvision has it. */
export function resNet50(): Uint8Array {
  const graph = graphOf('ResNet-50', 401);
  const block = (input: Value, width: number, stride: number): Value => {
    const first = rectified(graph, graph.convolution(input, width, 1));
    const second = rectified(graph, graph.convolution(first, width, 3, { stride }));
    const last = normalised(graph, graph.convolution(second, 4 * width, 1, { gain: 1 }));
    const isSame = input.channels === 4 * width && stride === 1;
    const shortcut = isSame
      ? input
      : normalised(graph, graph.convolution(input, 4 * width, 1, { stride, gain: 1 }));
    return graph.apply('Relu', graph.combine('Add', last, shortcut));
  };
  const stem = rectified(graph, graph.convolution(graph.input, 64, 7, { stride: 2 }));
  let value = graph.pool('MaxPool', stem, 3, 2, 1);
  for (const [stage, blocks] of [3, 4, 6, 3].entries())
    for (let index = 0; index < blocks; index++)
      value = block(value, 64 * 2 ** stage, stage > 0 && index === 0 ? 2 : 1);
  return classes(graph, value);
}

/** MobileNetV2 1.0 (Sandler et al. 2018, table 2): factor of expansion, channels, units, stride. */
function mobileNetV2(): Uint8Array {
  const stages = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const;
  const graph = graphOf('MobileNetV2', 402);
  const bounded = (value: Value): Value => {
    const { name, channels } = normalised(graph, value);
    return { name: graph.add('Clip', [name, graph.number(0), graph.number(6)]), channels };
  };
  const unit = (input: Value, factor: number, outputs: number, stride: number): Value => {
    const width = factor * input.channels;
    const spread = factor === 1 ? input : bounded(graph.convolution(input, width, 1));
    const filtered = bounded(graph.convolution(spread, width, 3, { stride, groups: width }));
    const value = normalised(graph, graph.convolution(filtered, outputs, 1, { gain: 1 }));
    return stride === 1 && input.channels === outputs ? graph.combine('Add', value, input) : value;
  };
  let value = bounded(graph.convolution(graph.input, 32, 3, { stride: 2 }));
  for (const [factor, outputs, units, stride] of stages)
    for (let index = 0; index < units; index++)
      value = unit(value, factor, outputs, index === 0 ? stride : 1);
  return classes(graph, bounded(graph.convolution(value, 1280, 1)));
}

/** VGG-16's convolutions (Simonyan & Zisserman 2015) under one dense layer. */
function vgg16(): Uint8Array {
  const graph = graphOf('VGG-16', 403);
  return classes(graph, vggConvolutions(graph));
}

/** All of VGG-16, its three dense layers included: 138 million weights, 553 MB. */
export function wholeVgg16(): Uint8Array {
  const graph = graphOf('VGG-16', 404);
  const { name, channels } = graph.apply('Flatten', vggConvolutions(graph));
  let value: Value = { name, channels: channels * 7 * 7 };
  for (let layer = 0; layer < 2; layer++) value = graph.apply('Relu', graph.linear(value, 4096));
  return graph.file(graph.linear(value, 1000));
}

function vggConvolutions(graph: TorchGraph): Value {
  const stages = [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ];
  let value = graph.input;
  for (const stage of stages) {
    for (const outputs of stage)
      value = graph.apply('Relu', graph.convolution(value, outputs, 3, { bias: true }));
    value = graph.pool('MaxPool', value, 2, 2);
  }
  return value;
}

function resNet56(): Uint8Array | null {
  const path = referencePath('res56/res56.onnx');
  return path === null ? null : new Uint8Array(readFileSync(path));
}

export const timedNetworks: readonly TimedNetwork[] = [
  { name: 'ResNet-56', size: 32, images: 256, file: resNet56 },
  { name: 'MobileNetV2', size: 224, images: 32, file: mobileNetV2 },
  { name: 'ResNet-50', size: 224, images: 16, file: resNet50 },
  {
    name: 'Inception-v3',
    size: 299,
    images: 16,
    file: () => inceptionV3.onnx.file({ ...published, size: 299 }),
  },
  { name: 'VGG-16', size: 224, images: 8, file: vgg16 },
];
