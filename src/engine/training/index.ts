import * as tf from '@tensorflow/tfjs-core';
import type { Network, Shape } from '../../network/graph';
import { inferShapes } from '../../network/shapes';
import { canConvolve } from '../convolution';
import { lanes, roundedUp } from '../convolution/code';
import type { Pause, Values } from '../executor';
import { readBack } from '../readback';
import { assertAllocated, assertRoom, namedAbort } from '../room';
import { convolutionStep } from './convolutionStep';
import { trainingGroups, type TrainingGroup } from './groups';
import { denseStep, normStep, singleStep } from './otherSteps';
import {
  initialWeights,
  matricesOf,
  parametersOf,
  type MatrixPlace,
  type TrainedParameters,
} from './parameters';
import type { Backward, LoadedStep, StepMaking, TrainingStep, WeightGradient } from './step';

/** Says of the wanted values how the loss changes with them; the tensors that it answers become the caller's. */
export type Judge = (values: Values) => Promise<Values>;

/**
 * A network in its differentiable form: nothing is folded for good, and whatever its parameters are, its values and
 * their gradients are computed from them. Batch norms keep their statistics.
 */
export interface TrainableNetwork {
  readonly network: Network;
  readonly parameters: TrainedParameters;
  /** The parameters as the network has them. */
  readonly initial: Float32Array;
  /** The matrices among them, in the order of their offsets. */
  readonly matrices: readonly MatrixPlace[];
  /** Puts parameters on the backend, until the answer is disposed. */
  load(weights: Float32Array): LoadedNetwork;
}

/** A network with present parameters. Tensors handed in stay the caller's. */
export interface LoadedNetwork {
  /**
   * Adds the gradient of a loss over a batch to `total`, one entry per parameter.
   *
   * @param input [n, ...network.input.shape]
   * @throws what pause and judge throw, and the backend's faults
   */
  addGradient(input: tf.Tensor, judge: Judge, total: Float32Array, pause: Pause): Promise<void>;
  dispose(): void;
}

/**
 * Compiles a network for training on the current backend.
 *
 * @param wanted values that losses look at, by name
 * @throws FailureError 'unsupported-operator' naming the first node that cannot be computed
 */
export function trainable(network: Network, wanted: readonly string[]): TrainableNetwork {
  const parameters = parametersOf(network);
  const steps = stepsOf(network, parameters, wanted);
  const trained = withGradients(steps);
  return {
    network,
    parameters,
    initial: initialWeights(network, parameters),
    matrices: matricesOf(network, parameters),
    load(weights) {
      const loaded: LoadedStep[] = [];
      const dispose = () => loaded.forEach((step) => step.dispose());
      try {
        for (const step of steps) loaded.push(step.load(weights));
      } catch (error) {
        dispose();
        throw error;
      }
      const run = new Passes(network, steps, loaded, trained, wanted);
      return {
        addGradient: (input, judge, total, pause) => run.addGradient(input, judge, total, pause),
        dispose,
      };
    },
  };
}

function stepsOf(
  network: Network,
  parameters: TrainedParameters,
  wanted: readonly string[],
): readonly TrainingStep[] {
  const groups = trainingGroups(network, wanted);
  const { shapes } = inferShapes(network);
  const rooms = roomsOf(groups, [...wanted, ...network.outputs], shapes);
  const making: StepMaking = { network, parameters, roomOf: (value) => rooms.get(value) };
  return groups.map((group) => {
    if (group.kind === 'single') return singleStep(group);
    const { operator } = group.head;
    const input = shapes.get(group.inputs[0]!) ?? [];
    if (operator.kind === 'conv2d') return convolutionStep(group, operator, input, making);
    return operator.kind === 'dense' ? denseStep(group, operator, making) : normStep(group, operator, making);
  });
}

/**
 * Channels of values between convolutions, rounded up to whole vectors, for which the engine's own code is made: ranks are
 * any number. The channels that are too many are zero, and so are all of their gradients.
 */
function roomsOf(
  groups: readonly TrainingGroup[],
  lasting: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, number> {
  const rooms = new Map<string, number>();
  if (!canConvolve()) return rooms;
  const isPlain = (group: TrainingGroup) =>
    group.kind === 'linear' && group.head.operator.kind === 'conv2d' && group.head.operator.groups === 1;
  for (const group of groups) {
    const value = group.output;
    const channels = shapes.get(value)?.[2] ?? 0;
    const readers = groups.filter(({ inputs }) => inputs.includes(value));
    const isRead = readers.every(
      (one) => isPlain(one) && one.inputs.indexOf(value) === 0 && !one.inputs.includes(value, 1),
    );
    const isInner = isPlain(group) && group.kind === 'linear' && !group.adds && !lasting.includes(value);
    if (isInner && isRead && channels % lanes > 0) rooms.set(value, roundedUp(channels, lanes));
  }
  return rooms;
}

/** Values whose gradient leads to a parameter. */
function withGradients(steps: readonly TrainingStep[]): ReadonlySet<string> {
  const values = new Set<string>();
  for (const { group, isTrained } of steps)
    if (isTrained || group.inputs.some((input) => values.has(input))) values.add(group.output);
  return values;
}

class Passes {
  constructor(
    private readonly network: Network,
    private readonly steps: readonly TrainingStep[],
    private readonly loaded: readonly LoadedStep[],
    private readonly trained: ReadonlySet<string>,
    private readonly wanted: readonly string[],
  ) {}

  async addGradient(input: tf.Tensor, judge: Judge, total: Float32Array, pause: Pause): Promise<void> {
    const values = new Map<string, tf.Tensor>();
    const gradients = new Map<string, tf.Tensor>();
    const found: WeightGradient[] = [];
    try {
      await this.forward(input, values, pause);
      const judged = await judge(new Map(this.wanted.map((name) => [name, values.get(name)!])));
      judged.forEach((gradient, name) => gradients.set(name, gradient));
      await this.backward(input, values, gradients, found, pause);
      for (const gradient of found) {
        gradient.addTo(total, await Promise.all(gradient.tensors.map(readBack)));
      }
    } finally {
      tf.dispose([...values.values(), ...gradients.values(), ...found.flatMap(({ tensors }) => tensors)]);
    }
  }

  private async forward(input: tf.Tensor, values: Map<string, tf.Tensor>, pause: Pause): Promise<void> {
    for (const [index, { group }] of this.steps.entries()) {
      await pause();
      const inputs = group.inputs.map((name) => values.get(name) ?? this.given(name, input));
      values.set(
        group.output,
        inScope(() => this.loaded[index]!.forward(inputs)),
      );
    }
  }

  private async backward(
    input: tf.Tensor,
    values: Map<string, tf.Tensor>,
    gradients: Map<string, tf.Tensor>,
    found: WeightGradient[],
    pause: Pause,
  ): Promise<void> {
    for (let index = this.steps.length - 1; index >= 0; index--) {
      await pause();
      const { group } = this.steps[index]!;
      const gradient = gradients.get(group.output);
      if (gradient && this.trained.has(group.output)) {
        const inputs = group.inputs.map((name) => values.get(name) ?? this.given(name, input));
        // What is read twice has both gradients added up below.
        const there = group.inputs.map((name, at) =>
          group.inputs.indexOf(name) === at ? (gradients.get(name) ?? null) : null,
        );
        const isWanted = group.inputs.map((name) => this.trained.has(name));
        const output = values.get(group.output)!;
        const { inputs: made, weights } = this.back(index, gradient, { inputs, output }, { isWanted, there });
        if (weights) found.push(weights);
        group.inputs.forEach((name, at) => {
          put(gradients, name, made[at] ?? null, group.inputs.indexOf(name) < at);
        });
      }
      drop(gradients, group.output);
      drop(values, group.output);
    }
  }

  private back(index: number, ...given: Parameters<LoadedStep['backward']>): Backward {
    let made: Backward | null = null;
    inScope(() => {
      made = this.loaded[index]!.backward(...given);
      return [...made.inputs.filter((x) => x !== null), ...(made.weights?.tensors ?? [])];
    });
    return made!;
  }

  private given(name: string, input: tf.Tensor): tf.Tensor {
    if (name === this.network.input.name) return input;
    throw new Error(`training: expected value "${name}" to be computed before it is read`);
  }
}

/** Runs something that may leave tensors behind, watching the backend's memory. */
function inScope<T extends tf.TensorContainer>(run: () => T): T {
  try {
    assertRoom();
    return tf.tidy(() => {
      const made = run();
      for (const tensor of Array.isArray(made) ? (made as tf.Tensor[]) : [made as tf.Tensor])
        assertAllocated(tensor);
      return made;
    });
  } catch (error) {
    throw namedAbort(error);
  }
}

/** Puts a value's gradient in the place of the one that is part of it, or adds it to that. */
function put(
  gradients: Map<string, tf.Tensor>,
  name: string,
  made: tf.Tensor | null,
  isAdded: boolean,
): void {
  if (!made) return;
  const before = gradients.get(name);
  gradients.set(name, isAdded && before ? tf.add(before, made) : made);
  before?.dispose();
  if (isAdded && before) made.dispose();
}

function drop(values: Map<string, tf.Tensor>, name: string): void {
  values.get(name)?.dispose();
  values.delete(name);
}
