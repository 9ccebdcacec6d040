import {
  activationOf,
  activations,
  anything,
  applied,
  changed,
  extentsOf,
  images,
  kindOf,
  renamed,
  sizeOf,
  spatial,
  type Layer,
  type Recipe,
  type Symbolic,
} from './layerRecipe';
import { configured, functional, functions, KerasLayer } from './kerasLayers';
import { sequenceRecipes } from './sequenceRecipes';
import { layers, tf } from './tfLayers';

const make = layers.layers;
import type { Numbers } from '../../network/testing/builders';
import { greatest } from '../../linalg/extremes';

/** Kernel, stride, padding and dilation that fit the value. */
function windowOf(draw: Numbers, value: Symbolic) {
  const [height, width] = extentsOf(value) as [number, number];
  const kernelSize = [draw.whole(1, Math.min(3, height)), draw.whole(1, Math.min(3, width))];
  const padding = draw.pick(['same', 'valid'] as const);
  const strides = [draw.whole(1, 2), draw.whole(1, 2)];
  const span = greatest(kernelSize.map((kernel) => 2 * (kernel - 1) + 1));
  // TF.js strides or dilates, not both.
  if (span > Math.min(height, width) || draw.uniform() < 0.7) return { kernelSize, padding, strides };
  return { kernelSize, padding, dilationRate: 2 };
}

function poolOf(draw: Numbers, value: Symbolic) {
  const { kernelSize, padding } = windowOf(draw, value);
  const poolSize = kernelSize as [number, number];
  const strides: [number, number] = [draw.whole(1, 2), draw.whole(1, 2)];
  return { poolSize, padding, ...(draw.uniform() < 0.7 ? { strides } : {}) };
}

/** Another value of the same shape: a short branch from this one. */
function branchOf(draw: Numbers, value: Symbolic): Symbolic {
  const activation = draw.pick(['relu', 'tanh', 'sigmoid'] as const);
  if (draw.uniform() < 0.5) return applied(make.activation({ activation }), value);
  return applied(make.dense({ units: extentsOf(value).at(-1)!, activation }), value);
}

const branches = (draw: Numbers, value: Symbolic): Symbolic[] => [
  value,
  ...Array.from({ length: draw.whole(1, 2) }, () => branchOf(draw, value)),
];

/** A combination of values with as many inputs as it likes. */
const combined = (layer: () => Layer): Recipe => ({
  reads: anything,
  apply: (draw, value) => applied(layer(), branches(draw, value)),
});

/** A layer that changes nothing while a network answers; its settings are drawn. */
const passing = (layer: (draw: Numbers) => Layer, reads = anything): Recipe => ({
  reads,
  apply: (draw, value) => applied(layer(draw), value),
});

const rate = (draw: Numbers) => draw.pick([0.25, 0.5]);
const seed = (draw: Numbers) => draw.whole(0, 9);

function reshaped(draw: Numbers, value: Symbolic): Symbolic {
  const size = sizeOf(value);
  const divisors = (whole: number) =>
    Array.from({ length: whole }, (_, index) => index + 1).filter((divisor) => whole % divisor === 0);
  const first = draw.pick(divisors(size));
  const second = draw.pick(divisors(size / first));
  const targets = [[first, second, size / first / second], [size]];
  return applied(make.reshape({ targetShape: draw.pick(targets) }), value);
}

const convolution: Recipe = {
  reads: images,
  apply: (draw, value) => {
    const settings = {
      filters: draw.whole(1, 5),
      useBias: draw.uniform() < 0.5,
      activation: activationOf(draw),
    };
    return applied(make.conv2d({ ...settings, ...windowOf(draw, value) }), value);
  },
};

const maximum: Recipe = {
  reads: images,
  apply: (draw, value) => applied(make.maxPooling2d(poolOf(draw, value)), value),
};

const average: Recipe = {
  reads: images,
  apply: (draw, value) => applied(make.averagePooling2d(poolOf(draw, value)), value),
};

const globalAverage: Recipe = {
  reads: images,
  apply: (_, value) => applied(make.globalAveragePooling2d({ dataFormat: 'channelsLast' }), value),
};

const globalMaximum: Recipe = {
  reads: images,
  apply: (_, value) => applied(make.globalMaxPooling2d({ dataFormat: 'channelsLast' }), value),
};

/** Every layer class that can be read. A class that TF.js does not have is built as another and changed in the file. */
export const recipes: Readonly<Record<string, Recipe>> = {
  Conv2D: convolution,
  Convolution2D: renamed('Convolution2D', convolution),
  DepthwiseConv2D: {
    reads: images,
    apply: (draw, value) => {
      const settings = { depthMultiplier: draw.whole(1, 2), activation: activationOf(draw) };
      const { kernelSize, padding, strides } = windowOf(draw, value);
      // Strides of a depthwise convolution are even in both directions.
      const stride = strides?.[0] ?? 1;
      const window = { kernelSize: kernelSize as [number, number], padding, strides: stride };
      return applied(make.depthwiseConv2d({ ...settings, ...window }), value);
    },
  },
  SeparableConv2D: {
    reads: images,
    apply: (draw, value) => {
      // TF.js does not save a multiplier.
      const settings = { filters: draw.whole(1, 4) };
      const { kernelSize, padding, strides } = windowOf(draw, value);
      const window = { kernelSize, padding, strides: strides?.[0] ?? 1 };
      return applied(make.separableConv2d({ ...settings, ...window, activation: activationOf(draw) }), value);
    },
  },
  Dense: {
    reads: anything,
    apply: (draw, value) => {
      const settings = { useBias: draw.uniform() < 0.5, activation: activationOf(draw) };
      return applied(make.dense({ units: draw.whole(2, 6), ...settings }), value);
    },
  },
  BatchNormalization: {
    reads: anything,
    apply: (draw, value) => {
      const settings = { scale: draw.uniform() < 0.5, center: draw.uniform() < 0.5 };
      return applied(make.batchNormalization({ ...settings, epsilon: draw.pick([1e-3, 0.01]) }), value);
    },
  },
  Activation: {
    reads: anything,
    apply: (draw, value) => applied(make.activation({ activation: draw.pick(activations) }), value),
  },
  ReLU: {
    reads: anything,
    apply: (draw, value) => applied(make.reLU({ maxValue: draw.pick([6, 0.5, undefined!]) }), value),
  },
  LeakyReLU: {
    reads: anything,
    apply: (draw, value) => applied(make.leakyReLU({ alpha: draw.pick([0.1, 0.3]) }), value),
  },
  ELU: { reads: anything, apply: (_, value) => applied(make.elu({ alpha: 1 }), value) },
  PReLU: {
    reads: images,
    apply: (draw, value) =>
      applied(
        make.prelu({
          sharedAxes: draw.pick([
            [1, 2],
            [1, 2, 3],
          ]),
        }),
        value,
      ),
  },
  Softmax: { reads: anything, apply: (_, value) => applied(make.softmax({ axis: -1 }), value) },
  MaxPooling2D: maximum,
  MaxPool2D: renamed('MaxPool2D', maximum),
  AveragePooling2D: average,
  AvgPool2D: renamed('AvgPool2D', average),
  GlobalAveragePooling2D: globalAverage,
  GlobalAvgPool2D: renamed('GlobalAvgPool2D', globalAverage),
  GlobalMaxPool2D: renamed('GlobalMaxPool2D', globalMaximum),
  GlobalMaxPooling2D: globalMaximum,
  ZeroPadding2D: {
    reads: images,
    apply: (draw, value) => {
      const pair = (): [number, number] => [draw.whole(0, 2), draw.whole(0, 2)];
      return applied(make.zeroPadding2d({ padding: [pair(), pair()] }), value);
    },
  },
  Add: combined(() => make.add()),
  Multiply: combined(() => make.multiply()),
  Average: combined(() => make.average()),
  Maximum: combined(() => make.maximum()),
  Minimum: combined(() => make.minimum()),
  Subtract: {
    reads: anything,
    apply: (draw, value) => {
      const layer = new KerasLayer({ compute: ([left, right]) => tf.sub(left!, right!) });
      return changed(draw, layer, [value, branchOf(draw, value)], configured('Subtract', {}));
    },
  },
  Dot: {
    reads: ['vector'],
    apply: (draw, value) => applied(make.dot({ axes: -1 }), [value, branchOf(draw, value)]),
  },
  Normalization: {
    reads: images,
    apply: (draw, value) => {
      const channels = extentsOf(value).at(-1)!;
      const mean = Array.from({ length: channels }, () => draw.whole(-4, 4) / 8);
      const variance = Array.from({ length: channels }, () => draw.whole(1, 8) / 4);
      const layer = new KerasLayer({
        compute: ([x]) => tf.div(tf.sub(x!, tf.tensor(mean)), tf.sqrt(tf.tensor(variance))),
      });
      return changed(draw, layer, value, configured('Normalization', { axis: [-1], mean, variance }));
    },
  },
  TFOpLambda: {
    reads: anything,
    apply: (draw, value) => {
      const [name, given, compute] = draw.pick(functions);
      const layer = new KerasLayer({ compute: ([x]) => compute(x!) });
      return changed(draw, layer, value, functional('TFOpLambda', name, given));
    },
  },
  SlicingOpLambda: {
    reads: anything,
    apply: (draw, value) => {
      const extents = extentsOf(value);
      const starts = extents.map((extent) => draw.whole(0, Math.floor((extent - 1) / 2)));
      const ends = extents.map((extent, axis) => draw.whole(starts[axis]! + 1, extent));
      const sizes = ends.map((end, axis) => end - starts[axis]!);
      const layer = new KerasLayer({
        compute: ([x]) => tf.slice(x!, [0, ...starts], [-1, ...sizes]),
        shape: ([batch]) => [batch!, ...sizes],
      });
      const whole = { start: null, stop: null, step: null };
      const spec = [whole, ...starts.map((start, axis) => ({ start, stop: ends[axis]!, step: null }))];
      const change = functional('SlicingOpLambda', '__operators__.getitem', { slice_spec: spec });
      return changed(draw, layer, value, change);
    },
  },
  Concatenate: {
    reads: anything,
    apply: (draw, value) => {
      const axis = draw.pick([-1, draw.whole(1, extentsOf(value).length)]);
      return applied(make.concatenate({ axis }), branches(draw, value));
    },
  },
  Flatten: { reads: spatial, apply: (_, value) => applied(make.flatten(), value) },
  Reshape: { reads: anything, apply: reshaped },
  Permute: {
    reads: spatial,
    apply: (draw, value) => {
      const turned =
        kindOf(value) === 'image'
          ? draw.pick([
              [2, 1, 3],
              [3, 1, 2],
              [2, 3, 1],
              [1, 3, 2],
            ])
          : [2, 1];
      return applied(make.permute({ dims: turned }), value);
    },
  },
  Rescaling: {
    reads: anything,
    apply: (draw, value) => applied(make.rescaling({ scale: 0.5, offset: draw.pick([0, -1]) }), value),
  },
  Cropping2D: {
    reads: images,
    apply: (draw, value) => {
      const sides = extentsOf(value)
        .slice(0, 2)
        .map((extent): [number, number] => {
          const before = draw.whole(0, Math.min(1, extent - 1));
          return [before, draw.whole(0, Math.min(1, extent - 1 - before))];
        });
      return applied(make.cropping2D({ cropping: sides as [[number, number], [number, number]] }), value);
    },
  },
  UpSampling2D: {
    reads: images,
    apply: (draw, value) => {
      const size: [number, number] = [draw.whole(1, 2), draw.whole(1, 2)];
      return applied(make.upSampling2d({ size, interpolation: draw.pick(['nearest', 'bilinear']) }), value);
    },
  },
  // TF.js has it, but cannot run it.
  Resizing: {
    reads: images,
    apply: (draw, value) => {
      const size: [number, number] = [draw.whole(2, 9), draw.whole(2, 9)];
      const interpolation = draw.pick(['nearest', 'bilinear'] as const);
      const resize = { nearest: tf.image.resizeNearestNeighbor, bilinear: tf.image.resizeBilinear }[
        interpolation
      ];
      const layer = new KerasLayer({
        compute: ([x]) => resize(x as tf.Tensor4D, size, false, true),
        shape: ([batch, , , channels]) => [batch!, ...size, channels!],
      });
      const settings = { height: size[0], width: size[1], interpolation };
      return changed(draw, layer, value, configured('Resizing', settings));
    },
  },
  ...sequenceRecipes,
  RepeatVector: {
    reads: ['vector'],
    apply: (draw, value) => applied(make.repeatVector({ n: draw.whole(2, 4) }), value),
  },
  LayerNormalization: { reads: anything, apply: (_, value) => applied(make.layerNormalization({}), value) },
  ThresholdedReLU: {
    reads: anything,
    apply: (_, value) => applied(make.thresholdedReLU({ theta: 0.1 }), value),
  },
  Dropout: passing((draw) => make.dropout({ rate: rate(draw), seed: seed(draw) })),
  SpatialDropout2D: renamed(
    'SpatialDropout2D',
    passing((draw) => make.dropout({ rate: rate(draw) }), images),
  ),
  FixedDropout: renamed(
    'FixedDropout',
    passing((draw) => make.dropout({ rate: rate(draw) })),
  ),
  AlphaDropout: passing((draw) => make.alphaDropout({ rate: rate(draw) })),
  GaussianDropout: passing((draw) => make.gaussianDropout({ rate: rate(draw) })),
  GaussianNoise: passing((draw) => make.gaussianNoise({ stddev: rate(draw) })),
  ...Object.fromEntries(
    [
      ...['ActivityRegularization', 'Identity', 'RandomFlip', 'RandomRotation', 'RandomZoom'],
      ...['RandomTranslation', 'RandomContrast', 'RandomBrightness'],
    ].map((name) => [
      name,
      renamed(
        name,
        passing(() => make.activation({ activation: 'linear' })),
      ),
    ]),
  ),
};
