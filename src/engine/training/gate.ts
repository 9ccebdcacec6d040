import * as tf from '@tensorflow/tfjs-core';
import { lanes } from '../convolution/code';
import { currentHeap } from '../convolution/heap';
import { hasVectors } from '../convolution/instructions';
import { gateFunction, sumPixelsFunction } from './filterCode';

/** Activations whose gradient can be told from what they make. */
export type Gate = 'none' | 'relu' | 'relu6';

/** The gradient behind a gate from the one before it: zero where the output stands at a bound. */
export function gated(gradient: tf.Tensor, output: tf.Tensor, gate: Exclude<Gate, 'none'>): tf.Tensor {
  const heap = hasVectors() ? currentHeap() : null;
  if (!heap || gradient.size % lanes !== 0) return gatedByParts(gradient, output, gate);
  const program = heap.compile(`gate ${gate}`, () => [gateFunction(gate === 'relu6')]);
  const result = heap.emptyTensor(gradient.shape);
  const [from, values, to] = [gradient, output, result].map((tensor) => heap.addressOf(tensor));
  program.gate!(from!, values!, to!, gradient.size / lanes);
  return result;
}

function gatedByParts(gradient: tf.Tensor, output: tf.Tensor, gate: Exclude<Gate, 'none'>): tf.Tensor {
  const open = tf.step(output);
  const isOpen = gate === 'relu' ? open : tf.mul(open, tf.step(tf.sub(6, output)));
  return tf.mul(gradient, isOpen);
}

/** Sums over all but the last axis. */
export function sumOverPixels(x: tf.Tensor): tf.Tensor1D {
  const channels = x.shape.at(-1) ?? 1;
  const pixels = x.size / channels;
  const heap = hasVectors() ? currentHeap() : null;
  if (!heap || channels % lanes !== 0) {
    const rows = tf.reshape<tf.Rank.R2>(x, [pixels, channels]);
    return tf.reshape(tf.matMul(tf.ones([1, pixels]), rows), [channels]);
  }
  const program = heap.compile(`sum of pixels of ${channels}`, () => [sumPixelsFunction(channels)]);
  const sums = heap.emptyTensor([channels]) as tf.Tensor1D;
  const [from, to] = [heap.addressOf(x), heap.addressOf(sums)];
  heap.clear(to, channels * Float32Array.BYTES_PER_ELEMENT);
  program.sumPixels!(from, to, pixels);
  return sums;
}
