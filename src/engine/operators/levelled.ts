import * as tf from '@tensorflow/tfjs-core';
import { biasLevels } from '../../network/levels';
import type { Activation, Conv2d, Dense, Quantise, Shape, Stored, Tensor } from '../../network/graph';
import { levelRange } from '../../network/stored';
import type { NodeGroup } from '../fusion';
import { activate } from './activation';
import { compileExactConv2d } from './conv2d';
import { compileDense } from './dense';
import { upload, uploadBias, type Kernel } from './kernel';
import { roundToLevels } from './quantise';

/** Weights in whole numbers. */
export type Levels = Extract<Stored, { readonly type: 'int8' | 'uint8' | 'uint16' }>;

/** A layer whose input and kernel are both whole numbers in the file, with what is computed with it. */
export interface LevelledLayer {
  readonly operator: Conv2d | Dense;
  /** The rounding that made the input. */
  readonly input: Quantise;
  readonly kernel: Levels;
  readonly activation: Activation | null;
  readonly shape: Shape | null;
  /** Of what it answers, in one step with it; the activation is a ReLU then, or none. */
  readonly rounding: Quantise | null;
}

/** The layer in whole numbers; null where its input or its kernel is in floating point. */
export function levelledLayer({
  head,
  levels,
  activation,
  shape,
  rounding,
}: NodeGroup): LevelledLayer | null {
  const { operator } = head;
  if (!levels || (operator.kind !== 'conv2d' && operator.kind !== 'dense')) return null;
  const { stored } = operator.kind === 'conv2d' ? operator.kernel : operator.weights;
  if (stored?.type !== 'int8') return null;
  return { operator, input: levels, kernel: stored, activation, shape, rounding };
}

/**
 * Compiles a layer the way runtimes compute it: levels times levels, added up without any rounding, and only the sum
 * turned into what it stands for. Winograd's method would round on the way, and what falls between two levels then
 * falls to the other one often enough to be seen in deep networks.
 *
 * A second input is added before the activation.
 */
export function compileLevelled(layer: LevelledLayer): Kernel {
  const { operator, input, kernel, shape, rounding } = layer;
  const { bias } = operator;
  const known = bias && biasLevels(bias, input.scale, kernel.scales);
  const sums = compileSums(operator, kernel, shape);
  const outputs = (operator.kind === 'conv2d' ? operator.kernel : operator.weights).shape.at(-1)!;
  const worth = Float32Array.from({ length: outputs }, (_, channel) => {
    return input.scale * kernel.scales[channel % kernel.scales.length]!;
  });
  const before = known && upload(Float32Array.from(known.values), [outputs]);
  const behind = known ? null : uploadBias(bias);
  const isOneStep = rounding !== null && behind === null;
  const scales = upload(isOneStep ? worth.map((own) => own / rounding.scale) : worth, [outputs]);
  return {
    run([x, addend]) {
      // The input is what its levels stand for; dividing gives them back to the bit.
      const levels = tf.round(tf.div(x!, input.scale));
      const sum = sums.run([levels]);
      const scaled = tf.mul(before ? tf.add(sum, before) : sum, scales);
      if (isOneStep) return roundedLevels(scaled, rounding, layer.activation !== null);
      const answer = behind ? tf.add(scaled, behind) : scaled;
      const joined = addend ? tf.add(answer, addend) : answer;
      const active = layer.activation ? activate(joined, layer.activation) : joined;
      return rounding ? roundToLevels(active, rounding) : active;
    },
    dispose() {
      sums.dispose();
      tf.dispose([scales, ...(before ? [before] : []), ...(behind ? [behind] : [])]);
    },
  };
}

/** Rounds what is in levels of the answer already, and turns it into what they stand for. */
function roundedLevels(x: tf.Tensor, { type, scale, zeroPoint }: Quantise, isPositive: boolean): tf.Tensor {
  const { lowest, highest } = levelRange(type);
  const least = lowest - zeroPoint;
  return tf.mul(
    tf.clipByValue(tf.round(x), isPositive ? Math.max(0, least) : least, highest - zeroPoint),
    scale,
  );
}

/** The sums of products of levels. float32 holds them exactly up to 2^24, which is far more than weights of both signs make. */
export function compileSums(
  operator: Conv2d | Dense,
  { values, zeroPoint }: Levels,
  shape: Shape | null,
): Kernel {
  const inLevels = (tensor: Tensor): Tensor => ({
    shape: tensor.shape,
    data: Float32Array.from(values, (value) => value - zeroPoint),
  });
  return operator.kind === 'dense'
    ? compileDense({ ...operator, weights: inLevels(operator.weights), bias: null }, null, null)
    : compileExactConv2d({ ...operator, kernel: inLevels(operator.kernel), bias: null }, shape);
}
