import type * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../../network/graph';
import type { TrainingGroup } from './groups';
import type { TrainedParameters } from './parameters';

/** What a step is compiled from. */
export interface StepMaking {
  readonly network: Network;
  readonly parameters: TrainedParameters;
  /** Channels with which a value of images comes to exist, where that is more than it has: the rest are zeros. */
  readonly roomOf: (value: string) => number | undefined;
}

/** The gradient of a step's weights, still on the backend. */
export interface WeightGradient {
  readonly tensors: readonly tf.Tensor[];
  /** Adds it to that of all parameters, given the tensors' values. */
  addTo(total: Float32Array, values: readonly Float32Array[]): void;
}

/** What a step was given and what it made of it. */
export interface StepValues {
  readonly inputs: readonly tf.Tensor[];
  readonly output: tf.Tensor;
}

/** What comes back through a step. */
export interface Backward {
  /** Per input its gradient, what was there already added; null where it is not wanted. */
  readonly inputs: readonly (tf.Tensor | null)[];
  readonly weights: WeightGradient | null;
}

/** Gradients of inputs as they are asked for. */
export interface Wanted {
  readonly isWanted: readonly boolean[];
  /** Gradients that the inputs have from elsewhere; null for none. */
  readonly there: readonly (tf.Tensor | null)[];
}

/** A step with weights on the backend. It may leave tensors behind: it is called inside `tf.tidy`. */
export interface LoadedStep {
  forward(inputs: readonly tf.Tensor[]): tf.Tensor;
  backward(gradient: tf.Tensor, values: StepValues, wanted: Wanted): Backward;
  dispose(): void;
}

/** A part of a network that can be trained. */
export interface TrainingStep {
  readonly group: TrainingGroup;
  /** Whether it has parameters. */
  readonly isTrained: boolean;
  /** @param weights of all parameters */
  load(weights: Float32Array): LoadedStep;
}
