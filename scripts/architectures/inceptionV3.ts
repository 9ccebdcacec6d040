import { slimmed, type Architecture, type FileOptions } from './architecture';
import { KerasGraph, type KerasModel, type Value as KerasValue } from './keras';
import { TorchGraph, type Value } from './torch';

type Kernel = number | readonly [number, number];

/** What an Inception network is made of, whatever it is written for. */
interface Builder<V> {
  /** Convolution, batch norm and ReLU; padded to keep the size unless it says otherwise. */
  readonly convolution: (input: V, filters: number, kernel: Kernel, how?: 'valid' | 'strided') => V;
  readonly maxPool: (input: V) => V;
  /** Averages of 3×3 pixels that keep the size. */
  readonly averagePool: (input: V) => V;
  readonly concat: (inputs: readonly V[]) => V;
}

/** One after the other: filters and kernel of each. */
type Chain = readonly (readonly [filters: number, kernel: Kernel, how?: 'valid' | 'strided'])[];

function chained<V>({ convolution }: Builder<V>, input: V, chain: Chain): V {
  return chain.reduce((value, [filters, kernel, how]) => convolution(value, filters, kernel, how), input);
}

const wide: Kernel = [1, 7];
const tall: Kernel = [7, 1];

/** Branches of convolutions, and one that pools first. */
function mixed<V>(builder: Builder<V>, input: V, branches: readonly Chain[], pooled: number | 'strided'): V {
  const pool =
    pooled === 'strided'
      ? builder.maxPool(input)
      : builder.convolution(builder.averagePool(input), pooled, 1);
  return builder.concat([...branches.map((chain) => chained(builder, input, chain)), pool]);
}

/** A branch that ends in a 1×3 and a 3×1 convolution side by side. */
function forked<V>(builder: Builder<V>, input: V, chain: Chain): V {
  const value = chained(builder, input, chain);
  return builder.concat([builder.convolution(value, 384, [1, 3]), builder.convolution(value, 384, [3, 1])]);
}

function last<V>(builder: Builder<V>, input: V): V {
  return builder.concat([
    builder.convolution(input, 320, 1),
    forked(builder, input, [[384, 1]]),
    forked(builder, input, [
      [448, 1],
      [384, 3],
    ]),
    builder.convolution(builder.averagePool(input), 192, 1),
  ]);
}

/** Inception-v3 without its auxiliary classifier (Szegedy et al. 2016, table 1), up to its last 8×8 pixels. */
function features<V>(builder: Builder<V>, image: V): V {
  let value = chained(builder, image, [
    [32, 3, 'strided'],
    [32, 3, 'valid'],
    [64, 3],
  ]);
  value = chained(builder, builder.maxPool(value), [
    [80, 1],
    [192, 3, 'valid'],
  ]);
  value = builder.maxPool(value);
  const double = [
    [64, 1],
    [96, 3],
  ] as const;
  for (const pooled of [32, 64, 64])
    value = mixed(
      builder,
      value,
      [
        [[64, 1]],
        [
          [48, 1],
          [64, 5],
        ],
        [...double, [96, 3]],
      ],
      pooled,
    );
  value = mixed(builder, value, [[[384, 3, 'strided']], [...double, [96, 3, 'strided']]], 'strided');
  for (const narrow of [128, 160, 160, 192]) {
    const first: Chain = [
      [narrow, 1],
      [narrow, wide],
      [192, tall],
    ];
    const second: Chain = [
      [narrow, 1],
      [narrow, tall],
      [narrow, wide],
      [narrow, tall],
      [192, wide],
    ];
    value = mixed(builder, value, [[[192, 1]], first, second], 192);
  }
  const reducing: Chain = [
    [192, 1],
    [192, wide],
    [192, tall],
    [192, 3, 'strided'],
  ];
  value = mixed(
    builder,
    value,
    [
      [
        [192, 1],
        [320, 3, 'strided'],
      ],
      reducing,
    ],
    'strided',
  );
  return last(builder, last(builder, value));
}

function torchBuilder(graph: TorchGraph, options: FileOptions): Builder<Value> {
  return {
    convolution: (input, filters, kernel, how) => {
      const padding = how === undefined ? {} : { padding: 0 };
      const stride = how === 'strided' ? 2 : 1;
      const value = graph.convolution(input, slimmed(filters, options), kernel, { ...padding, stride });
      return graph.apply('Relu', graph.batchNorm(value, 1e-3));
    },
    maxPool: (input) => graph.pool('MaxPool', input, 3, 2),
    averagePool: (input) => graph.pool('AveragePool', input, 3, 1, 1),
    concat: (inputs) => graph.concat(inputs),
  };
}

/** torchvision's _transform_input: from its own normalisation of pixels to that of the weights, channel by channel. */
function transformed(graph: TorchGraph): Value {
  const scales = [0.229, 0.224, 0.225].map((deviation) => deviation / 0.5);
  const offsets = [0.485, 0.456, 0.406].map((mean) => (mean - 0.5) / 0.5);
  const planes = scales.map((scale, channel) => {
    const plane = graph.add('Gather', [graph.input.name, graph.integers(channel)], { axis: 1 });
    const image = graph.add('Unsqueeze', [plane, graph.integers([1])]);
    const scaled = graph.add('Mul', [image, graph.number(scale)]);
    return { name: graph.add('Add', [scaled, graph.number(offsets[channel]!)]), channels: 1 };
  });
  return graph.concat(planes);
}

function onnx(options: FileOptions): Uint8Array {
  const graph = new TorchGraph({
    name: 'Inception-v3',
    opset: 13,
    batch: 'n',
    size: options.size,
    seed: 601,
  });
  const value = features(torchBuilder(graph, options), transformed(graph));
  const mean = graph.apply('GlobalAveragePool', value);
  return graph.file(graph.linear(graph.apply('Flatten', mean, { axis: 1 }), slimmed(1000, options)));
}

function kerasBuilder(graph: KerasGraph, options: FileOptions): Builder<KerasValue> {
  return {
    convolution: (input, filters, kernel, how) => {
      const sliding = {
        padding: how === undefined ? 'same' : 'valid',
        strides: how === 'strided' ? 2 : 1,
      } as const;
      const value = graph.convolution(input, slimmed(filters, options), kernel, sliding);
      return graph.activation(graph.batchNorm(value, { scale: false }), 'relu');
    },
    maxPool: (input) => graph.pool('MaxPooling2D', input, 3, 2),
    averagePool: (input) => graph.pool('AveragePooling2D', input, 3, 1, { padding: 'same' }),
    concat: (inputs) => graph.concatenate(inputs),
  };
}

/** As keras.applications lays it out. */
function keras(options: FileOptions): KerasModel {
  const graph = new KerasGraph('inception_v3', options.size, 602);
  const value = features(kerasBuilder(graph, options), graph.input);
  return {
    graph,
    output: graph.dense(
      graph.globalAverage(value, false, 'avg_pool'),
      slimmed(1000, options),
      'softmax',
      'predictions',
    ),
  };
}

const macs = { macs: 5.713e9, macsSource: '_ops of torchvision’s weights: 5.713 G' };

export const inceptionV3: Architecture = {
  id: 'inception-v3',
  title: 'Inception-v3',
  size: 299,
  onnx: {
    published: {
      ...macs,
      parameters: 23_834_568,
      parametersSource:
        'num_params of torchvision’s weights, 27,161,264, without the auxiliary classifier’s 3,326,696',
    },
    file: onnx,
  },
  keras: {
    published: {
      ...macs,
      parameters: 23_817_352,
      parametersSource: 'trainable parameters in the summary of keras.applications.InceptionV3',
    },
    isForTfjs: true,
    model: keras,
  },
};
