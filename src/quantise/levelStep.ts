import * as tf from '@tensorflow/tfjs-core';
import { createExecutor, type Executor, type Values } from '../engine/executor';
import { rangeOf } from '../engine/operators/dynamicQuantise';
import { inputTensor } from '../engine/preprocess';
import { readBack } from '../engine/readback';
import { greatest } from '../linalg/extremes';
import { createRandom } from '../linalg/random';
import { roundsAsItRuns } from '../network/dynamicLevels';
import type { DynamicQuantise, GraphNode, Network, Quantise } from '../network/graph';
import { scoreOutput } from '../network/outputs';
import type { CalibrationImages } from './request';

/** Images that are looked at, at most. */
const maxImages = 8;

type Rounding = Quantise | DynamicQuantise;

/** Whether a value is a level more or a level less than it was. */
type Move = (index: number) => 1 | -1;

/**
 * How far a network's scores go where each of the last values that are rounded on the way to them is a level off, all
 * up, all down, or either at random: what two faithful runs may differ by, of which one has just above the middle
 * between two levels what the other has just below it.
 *
 * @returns the greatest difference of a score; 0 where nothing is rounded
 */
export async function levelStepOf(network: Network, on: CalibrationImages): Promise<number> {
  const last = lastRoundings(network);
  if (last.length === 0) return 0;
  const executor = createExecutor(network, { keep: last.map(({ output }) => output) });
  const indices = on.indices.subarray(0, maxImages);
  const input = inputTensor(network.input.shape, on.images, indices, on.preprocessing);
  const given = new Map([[network.input.name, input]]);
  const values = last.map(({ output }) => output);
  const found = executor.compute(given, [...values, scoreOutput(network)]);
  try {
    const scores = await readBack(found.get(scoreOutput(network))!);
    const changes: number[] = [];
    for (const move of moves()) {
      const moved = last.map(
        ({ output, operator }) => [output, shifted(found.get(output)!, operator, move)] as const,
      );
      const others = await scoresFrom(executor, new Map([...given, ...moved]));
      tf.dispose(moved.map(([, tensor]) => tensor));
      changes.push(greatest(scores.map((score, at) => Math.abs(score - others[at]!))));
    }
    return greatest(changes);
  } finally {
    tf.dispose([input, ...found.values()]);
    executor.dispose();
  }
}

/** The scores where some values on the way are given. */
async function scoresFrom(executor: Executor, given: Values): Promise<Float32Array> {
  const answer = scoreOutput(executor.network);
  const found = executor.compute(given, [answer]);
  try {
    return await readBack(found.get(answer)!);
  } finally {
    tf.dispose([...found.values()]);
  }
}

function moves(): readonly Move[] {
  const random = createRandom(1);
  return [() => 1, () => -1, () => (random.uniform() < 0.5 ? 1 : -1)];
}

function shifted(values: tf.Tensor, rounding: Rounding, move: Move): tf.Tensor {
  return tf.tidy(() => {
    const moves = tf.tensor(
      Float32Array.from({ length: values.size }, (_, index) => move(index)),
      values.shape,
    );
    return tf.add(values, tf.mul(moves, levelIn(values, rounding)));
  });
}

/** What a level is worth; of values that are rounded as they come, in each image or row of them. */
function levelIn(values: tf.Tensor, rounding: Rounding): tf.Tensor {
  if (rounding.kind === 'quantise') return tf.scalar(rounding.scale);
  const { low, high } = rangeOf(values, rounding.per);
  return tf.div(tf.sub(high, low), 255);
}

/** Roundings behind which the scores depend on what they made and on no further rounding of it. */
function lastRoundings(network: Network): readonly GraphNode<Rounding>[] {
  const makers = new Map(network.nodes.map((node) => [node.output, node]));
  const found = new Set<GraphNode<Rounding>>();
  const seen = new Set<string>();
  const open = [scoreOutput(network)];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const maker = makers.get(value);
    if (!maker || seen.has(value)) continue;
    seen.add(value);
    if (isRounding(maker)) found.add(maker);
    else for (const input of maker.inputs) open.push(input);
  }
  return [...found];
}

function isRounding(node: GraphNode): node is GraphNode<Rounding> {
  return node.operator.kind === 'quantise' || roundsAsItRuns(node);
}
