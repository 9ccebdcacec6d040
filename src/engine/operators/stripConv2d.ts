import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../network/graph';
import { slidingOutput } from '../../network/window';
import {
  alignedOutputs,
  compileConvolution,
  layerWeights,
  type Clamp,
  type Convolve,
  type Layer,
  type LayerTensors,
} from '../convolution';
import { activate } from './activation';
import { compileElementwise } from './elementwise';
import { kernelOf, unaryKernel, upload, type Kernel } from './kernel';

/** Compiles one or two convolutions, batch norm folded in, for WebAssembly; see `compileConvolution`. */
export function compileStrips(layers: readonly Layer[], activation: Activation | null): Kernel {
  const tensors = layers.map(uploadLayer);
  const clamp = clampOf(activation);
  const convolve = bySize(layers, clamp, false);
  const run = (x: tf.Tensor) => {
    const y = convolve(x)(x, tensors, null);
    return activation && clamp === 'none' ? activate(y, activation) : y;
  };
  return unaryKernel(run, tensors.flatMap(weightsOf));
}

/** The same with a second input, which is added before the activation. */
export function compileStripsAndSum(layers: readonly Layer[], activation: Activation | null): Kernel {
  const tensors = layers.map(uploadLayer);
  const clamp = clampOf(activation);
  const plain = bySize(layers, 'none', false);
  const adding = bySize(layers, clamp, true);
  const run = (x: tf.Tensor, addend: tf.Tensor) => {
    if (!isSameSize(layers, x, addend)) return sumAndActivate(plain(x)(x, tensors, null), addend, activation);
    const y = adding(x)(x, tensors, addend);
    return activation && clamp === 'none' ? activate(y, activation) : y;
  };
  return kernelOf(([x, addend]) => run(x!, addend!), tensors.flatMap(weightsOf));
}

const sum = compileElementwise((a, b) => tf.add(a, b));

/** What a convolution's sum and activation give where its own code cannot do them. */
export function sumAndActivate(y: tf.Tensor, addend: tf.Tensor, activation: Activation | null): tf.Tensor {
  const total = sum.run([y, addend]);
  return activation ? activate(total, activation) : total;
}

function uploadLayer(layer: Layer): LayerTensors {
  const weights = layerWeights(layer);
  const bias = new Float32Array(alignedOutputs(layer.convolution));
  bias.set(layer.convolution.bias ?? []);
  return { weights: upload(weights, [weights.length]), bias: upload(bias, [bias.length]) };
}

function weightsOf({ weights, bias }: LayerTensors): readonly tf.Tensor[] {
  return [weights, bias];
}

/** Whether a value has the shape of the last convolution's output, so that nothing is stretched. */
function isSameSize(layers: readonly Layer[], x: tf.Tensor, addend: tf.Tensor): boolean {
  const [images = 0, height = 0, width = 0] = x.shape;
  let size = { height, width };
  for (const { convolution } of layers) size = slidingOutput(convolution, [size.height, size.width]);
  const output = [images, size.height, size.width, layers.at(-1)!.convolution.kernel.shape[3]];
  return addend.rank === 4 && output.every((extent, axis) => extent === addend.shape[axis]);
}

/** The code for images of the size at hand, made when the first of them comes. */
function bySize(layers: readonly Layer[], clamp: Clamp, adds: boolean): (x: tf.Tensor) => Convolve {
  const known = new Map<string, Convolve>();
  return (x) => {
    const [, height = 0, width = 0] = x.shape;
    const size = `${height}×${width}`;
    const convolve = known.get(size) ?? compileConvolution(layers, { height, width }, { clamp, adds });
    known.set(size, convolve);
    return convolve;
  };
}

function clampOf(activation: Activation | null): Clamp {
  const name = activation?.function;
  return name === 'relu' || name === 'relu6' ? name : 'none';
}
