import * as tf from '@tensorflow/tfjs-core';
import type { BatchNorm, Dense, Tensor } from '../../network/graph';
import { compileBatchNorm } from '../operators/batchNorm';
import { compileDense } from '../operators/dense';
import { affineOf } from '../operators/fold';
import { sumOverPixels } from './gate';
import type { LinearGroup, SingleGroup } from './groups';
import {
  activationOf,
  addScaled,
  beforeGate,
  isLayerTrained,
  layerGradient,
  plus,
  presentLayer,
  presentNorm,
} from './linearStep';
import { compileDifferentiable } from './single';
import type { StepMaking, TrainingStep, WeightGradient } from './step';

/** A dense layer with what follows it. */
export function denseStep(group: LinearGroup, operator: Dense, { parameters }: StepMaking): TrainingStep {
  const { norm } = group;
  const isTrained = isLayerTrained(operator, norm, parameters);
  return {
    group,
    isTrained,
    load(weights) {
      const present = presentLayer(operator, norm, parameters, weights);
      const { kernel, bias } = present.folded;
      const forward = compileDense({ ...operator, weights: kernel, bias }, null, activationOf(group.gate));
      const backward = compileDense({ ...operator, weights: transposed(kernel), bias: null }, null, null);
      return {
        forward: (inputs) => forward.run(inputs),
        backward(gradient, { inputs: [x], output }, { isWanted, there }) {
          const before = beforeGate(group, gradient, output);
          const [rows, slopes] = [x!, before].map((own) =>
            tf.reshape<tf.Rank.R2>(own, [-1, own.shape.at(-1)!]),
          );
          const ofKernel = isTrained ? tf.matMul(rows!, slopes!, true) : null;
          return {
            inputs: [isWanted[0] ? plus(backward.run([before]), there[0]) : null],
            weights: ofKernel && layerGradient(operator, norm, present, parameters, ofKernel, before),
          };
        },
        dispose: () => [forward, backward].forEach((own) => own.dispose()),
      };
    },
  };
}

function transposed({ shape, data }: Tensor): Tensor {
  const [inputs = 1, outputs = 1] = shape;
  const turned = new Float32Array(data.length);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) turned[o * inputs + i] = data[i * outputs + o]!;
  return { shape: [outputs, inputs], data: turned };
}

/** A batch norm that follows no layer, with the activation behind it. */
export function normStep(group: LinearGroup, operator: BatchNorm, { parameters }: StepMaking): TrainingStep {
  const isTrained = [operator.scale, operator.offset].some((values) => parameters.placeOf(values));
  return {
    group,
    isTrained,
    load(weights) {
      const present = presentNorm(operator, parameters, weights);
      const forward = compileBatchNorm(present, activationOf(group.gate));
      const backward = compileBatchNorm(scaleAlone(present), null);
      return {
        forward: (inputs) => forward.run(inputs),
        backward(gradient, { inputs: [x], output }, { isWanted, there }) {
          const before = beforeGate(group, gradient, output);
          return {
            inputs: [isWanted[0] ? plus(backward.run([before]), there[0]) : null],
            weights: isTrained ? normGradient(operator, x!, before, parameters) : null,
          };
        },
        dispose: () => [forward, backward].forEach((own) => own.dispose()),
      };
    },
  };
}

/** y = scale · x with the norm's own factor. */
function scaleAlone(norm: BatchNorm): BatchNorm {
  const { scale } = affineOf(norm);
  const none = new Float32Array(scale.length);
  return {
    ...{ kind: 'batchNorm', scale: Float32Array.from(scale), offset: none, mean: none },
    ...{ variance: none.map(() => 1), epsilon: 0 },
  };
}

function normGradient(
  norm: BatchNorm,
  x: tf.Tensor,
  outputs: tf.Tensor,
  parameters: StepMaking['parameters'],
): WeightGradient {
  return {
    tensors: [sumOverPixels(tf.mul(outputs, x)), sumOverPixels(outputs)],
    addTo(total, [products, sums]) {
      const inverse = Float64Array.from(norm.variance, (value) => 1 / Math.sqrt(value + norm.epsilon));
      const centred = products!.map((value, c) => value - norm.mean[c]! * sums![c]!);
      addScaled(total, parameters, norm.scale, centred, inverse);
      addScaled(total, parameters, norm.offset, sums!, new Float64Array(inverse.length).fill(1));
    },
  };
}

/** Any operator without parameters. */
export function singleStep(group: SingleGroup): TrainingStep {
  const { name, operator } = group.node;
  return {
    group,
    isTrained: false,
    load() {
      const kernel = compileDifferentiable(name, operator);
      return {
        forward: (inputs) => kernel.run(inputs),
        backward(gradient, { inputs, output }, { isWanted, there }) {
          const found = kernel.backward(gradient, inputs, output);
          const wanted = found.map((own, index) => (own && isWanted[index] ? plus(own, there[index]) : null));
          return { inputs: wanted, weights: null };
        },
        dispose: () => kernel.dispose(),
      };
    },
  };
}
