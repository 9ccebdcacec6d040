import * as tf from '@tensorflow/tfjs-core';
import type { Conv2d, Shape, Tensor } from '../../network/graph';
import { compileConv2d, compileConv2dAndSum, type ConvolutionGroup } from '../operators/conv2d';
import type { Kernel } from '../operators/kernel';
import { filterGradient } from './filterGradient';
import type { LinearGroup } from './groups';
import { compileInputGradient, type InputGradient } from './inputGradient';
import { activationOf, beforeGate, isLayerTrained, layerGradient, plus, presentLayer } from './linearStep';
import type { StepMaking, TrainingStep } from './step';

/**
 * A convolution with what follows it, forward and backward. Both ways it runs by the engine's own forward convolutions;
 * only the kernel's gradient has code of its own.
 *
 * @param input shape of the convolution's input
 */
export function convolutionStep(
  group: LinearGroup,
  operator: Conv2d,
  input: Shape,
  { parameters, roomOf }: StepMaking,
): TrainingStep {
  const { norm, adds } = group;
  const isTrained = isLayerTrained(operator, norm, parameters);
  const [, , depth = 1, outputs = 1] = operator.kernel.shape;
  const room = { inputs: roomOf(group.inputs[0]!) ?? depth, outputs: roomOf(group.output) ?? outputs };
  const shape = [...input.slice(0, 2), operator.groups === 1 ? room.inputs : (input[2] ?? 1)];
  return {
    group,
    isTrained,
    load(weights) {
      const present = presentLayer(operator, norm, parameters, weights);
      const kernel = withRoom(present.folded.kernel, room);
      const bias = present.folded.bias && padded(present.folded.bias, room.outputs);
      const last: Conv2d = { ...operator, kernel, bias };
      const forward = compileForward(
        { first: null, last, norm: null, activation: activationOf(group.gate), shape },
        adds,
      );
      let backward: InputGradient | null = null;
      return {
        forward: (inputs) => forward.run(inputs),
        backward(gradient, { inputs, output }, { isWanted, there }) {
          const before = beforeGate(group, gradient, output) as tf.Tensor4D;
          const [x] = inputs as readonly tf.Tensor4D[];
          if (isWanted[0]) backward ??= compileInputGradient(operator, kernel, shape);
          const ofInput = isWanted[0] ? backward!.run(before, there[0] ?? null) : null;
          const ofAddend = adds ? [isWanted[1] ? plus(before, there[1]) : null] : [];
          const slopes = isTrained
            ? withoutRoom(filterGradient(last, x!, before), operator.kernel.shape)
            : null;
          return {
            inputs: [ofInput, ...ofAddend],
            weights: slopes && layerGradient(operator, norm, present, parameters, slopes, before),
          };
        },
        dispose: () => [forward, backward].forEach((own) => own?.dispose()),
      };
    },
  };
}

function compileForward(group: ConvolutionGroup, adds: boolean): Kernel {
  return adds ? compileConv2dAndSum(group) : compileConv2d(group);
}

interface Room {
  readonly inputs: number;
  readonly outputs: number;
}

/** A kernel with zeros for channels that are there for the room only. */
function withRoom(kernel: Tensor, room: Room): Tensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = kernel.shape;
  if (inputs === room.inputs && outputs === room.outputs) return kernel;
  const data = new Float32Array(height * width * room.inputs * room.outputs);
  for (let tap = 0; tap < height * width; tap++) {
    for (let i = 0; i < inputs; i++) {
      const from = (tap * inputs + i) * outputs;
      data.set(kernel.data.subarray(from, from + outputs), (tap * room.inputs + i) * room.outputs);
    }
  }
  return { shape: [height, width, room.inputs, room.outputs], data };
}

function withoutRoom(slopes: tf.Tensor, shape: Shape): tf.Tensor {
  return tf.slice(slopes, [0, 0, 0, 0], [...shape]);
}

function padded(values: Float32Array, length: number): Float32Array {
  if (values.length === length) return values;
  const all = new Float32Array(length);
  all.set(values);
  return all;
}
