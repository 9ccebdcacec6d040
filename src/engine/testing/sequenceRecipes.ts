import {
  activationOf,
  applied,
  changed,
  extentsOf,
  renamed,
  sequences,
  type Draft,
  type Recipe,
  type Symbolic,
} from './layerRecipe';
import { configured, KerasLayer } from './kerasLayers';
import { layers, tf } from './tfLayers';

const make = layers.layers;

/** Kernel, padding and stride along a sequence. */
function windowOf(draw: Draft, value: Symbolic) {
  const kernelSize = draw.whole(1, Math.min(3, extentsOf(value)[0]!));
  return { kernelSize, padding: draw.pick(['same', 'valid'] as const), strides: draw.whole(1, 2) };
}

const convolution: Recipe = {
  reads: sequences,
  apply: (draw, value) => {
    const settings = { filters: draw.whole(1, 5), activation: activationOf(draw) };
    return applied(make.conv1d({ ...settings, ...windowOf(draw, value) }), value);
  },
};

const pooling = (
  make1d: (settings: { poolSize: number; padding: 'same' | 'valid' }) => layers.layers.Layer,
): Recipe => ({
  reads: sequences,
  apply: (draw, value) => {
    const poolSize = Math.min(2, extentsOf(value)[0]!);
    return applied(make1d({ poolSize, padding: draw.pick(['same', 'valid']) }), value);
  },
});
const maximum = pooling((settings) => make.maxPooling1d(settings));
const average = pooling((settings) => make.averagePooling1d(settings));

/** A depthwise convolution along a sequence, as one along images of height 1, perhaps with a pointwise one behind it. */
function depthwise(draw: Draft, value: Symbolic, filters: number | null): Symbolic {
  const { kernelSize, padding } = windowOf(draw, value);
  const [length, channels] = extentsOf(value) as [number, number];
  const after = padding === 'same' ? length : length - kernelSize + 1;
  const isSeparable = filters !== null;
  const first = isSeparable ? 'depthwise_kernel' : 'kernel';
  const layer = new KerasLayer({
    weights: {
      [first]: [kernelSize, channels, 1],
      ...(isSeparable ? { pointwise_kernel: [1, channels, filters] } : {}),
    },
    compute: ([x], [kernel, pointwise]) => {
      const image = tf.expandDims(x!, 1) as tf.Tensor4D;
      const spread = tf.depthwiseConv2d(image, tf.expandDims(kernel!, 0) as tf.Tensor4D, 1, padding);
      const sequence = tf.squeeze<tf.Tensor3D>(spread, [1]);
      return pointwise ? tf.conv1d(sequence, pointwise as tf.Tensor3D, 1, 'valid') : sequence;
    },
    shape: ([batch]) => [batch!, after, filters ?? channels],
  });
  const config = { kernel_size: [kernelSize], strides: [1], padding, use_bias: false, depth_multiplier: 1 };
  const change = isSeparable
    ? configured('SeparableConv1D', { ...config, filters })
    : configured('DepthwiseConv1D', config);
  return changed(draw, layer, value, change);
}

/** Every layer of sequences that can be read. */
export const sequenceRecipes: Readonly<Record<string, Recipe>> = {
  Conv1D: convolution,
  Convolution1D: renamed('Convolution1D', convolution),
  DepthwiseConv1D: { reads: sequences, apply: (draw, value) => depthwise(draw, value, null) },
  SeparableConv1D: { reads: sequences, apply: (draw, value) => depthwise(draw, value, draw.whole(1, 4)) },
  MaxPooling1D: maximum,
  MaxPool1D: renamed('MaxPool1D', maximum),
  AveragePooling1D: average,
  AvgPool1D: renamed('AvgPool1D', average),
  GlobalAveragePooling1D: {
    reads: sequences,
    apply: (_, value) => applied(make.globalAveragePooling1d({}), value),
  },
  GlobalMaxPooling1D: { reads: sequences, apply: (_, value) => applied(make.globalMaxPooling1d({}), value) },
  ZeroPadding1D: {
    reads: sequences,
    apply: (draw, value) => {
      const sides: [number, number] = [draw.whole(0, 2), draw.whole(0, 2)];
      const layer = new KerasLayer({
        compute: ([x]) => tf.pad(x!, [[0, 0], sides, [0, 0]]),
        shape: ([batch, length, channels]) => [batch!, length! + sides[0] + sides[1], channels!],
      });
      return changed(draw, layer, value, configured('ZeroPadding1D', { padding: sides }));
    },
  },
  Cropping1D: {
    reads: sequences,
    apply: (draw, value) => {
      const [length, channels] = extentsOf(value) as [number, number];
      const before = draw.whole(0, Math.min(1, length - 1));
      const after = draw.whole(0, Math.min(1, length - 1 - before));
      const left = length - before - after;
      const layer = new KerasLayer({
        compute: ([x]) => tf.slice(x!, [0, before, 0], [-1, left, -1]),
        shape: ([batch]) => [batch!, left, channels],
      });
      return changed(draw, layer, value, configured('Cropping1D', { cropping: [before, after] }));
    },
  },
  UpSampling1D: {
    reads: sequences,
    apply: (draw, value) => {
      const times = draw.whole(1, 3);
      const layer = new KerasLayer({
        compute: ([x]) => {
          const [batch = 1, length = 1, channels = 1] = x!.shape;
          return tf.reshape(tf.tile(tf.expandDims(x!, 2), [1, 1, times, 1]), [
            batch,
            length * times,
            channels,
          ]);
        },
        shape: ([batch, length, channels]) => [batch!, length! * times, channels!],
      });
      return changed(draw, layer, value, configured('UpSampling1D', { size: times }));
    },
  },
  SpatialDropout1D: {
    reads: sequences,
    apply: (_, value) => applied(make.spatialDropout1d({ rate: 0.5 }), value),
  },
};
