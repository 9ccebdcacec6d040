import * as tf from '@tensorflow/tfjs-core';
import { createExecutor, type Pause } from '../engine/executor';
import { inputTensor } from '../engine/preprocess';
import { readBack } from '../engine/readback';
import { createRandom, type Random } from '../linalg/random';
import type { Network, Shape } from '../network/graph';
import { inferShapes, sizeOf } from '../network/shapes';
import type { CalibrationImages } from './request';

/** Where a value's range ends: at its least and greatest number, or where a share of the numbers lies outside. */
export const rangeRules = ['minmax', 'percentile-99.99', 'percentile-99.9'] as const;
export type RangeRule = (typeof rangeRules)[number];
const shareOutside: Readonly<Record<RangeRule, number>> = {
  minmax: 0,
  'percentile-99.99': 1e-4,
  'percentile-99.9': 1e-3,
};

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What was seen of one value. */
export interface SeenValue {
  readonly low: number;
  readonly high: number;
  /** Some of its numbers, rising. */
  readonly sample: Float32Array;
}

/** Bytes that the values of one batch may take. */
const budget = 128 * 2 ** 20;
/** Images that ranges are taken from, at most. */
const maxImages = 512;
/** Numbers that are kept of each value. */
const sampleSize = 100_000;

/** Runs a network on images and notes the range of some of its values. */
export async function seenValues(
  network: Network,
  values: readonly string[],
  { images, preprocessing, indices }: CalibrationImages,
  seed: number,
  pause: Pause,
): Promise<ReadonlyMap<string, SeenValue>> {
  const { shapes } = inferShapes(network);
  const executor = createExecutor(network, { keep: values });
  const chosen = indices.subarray(0, maxImages);
  const batch = batchSize(values, shapes);
  const random = createRandom(seed);
  const seen = new Map(values.map((value) => [value, new Watcher(chosen.length, random)]));
  try {
    for (let from = 0; from < chosen.length; from += batch) {
      const part = chosen.subarray(from, from + batch);
      const input = inputTensor(network.input.shape, images, part, preprocessing);
      const given = new Map([[network.input.name, input]]);
      try {
        const wanted = values.filter((value) => value !== network.input.name);
        const found = await executor.computeWithPauses(given, wanted, pause);
        try {
          for (const [value, tensor] of [...given, ...found])
            seen.get(value)?.watch(await readBack(tensor), part.length);
        } finally {
          tf.dispose([...found.values()]);
        }
      } finally {
        input.dispose();
      }
    }
  } finally {
    executor.dispose();
  }
  return new Map([...seen].map(([value, watcher]) => [value, watcher.seen()]));
}

function batchSize(values: readonly string[], shapes: ReadonlyMap<string, Shape>): number {
  const perImage = values.reduce((sum, value) => sum + 4 * sizeOf(shapes.get(value) ?? []), 0);
  return Math.max(1, Math.min(32, Math.floor(budget / Math.max(1, perImage))));
}

/** Notes the least and greatest number of a value, and draws some of each image's. */
class Watcher {
  private low = Infinity;
  private high = -Infinity;
  private readonly drawn: number[] = [];

  constructor(
    private readonly images: number,
    private readonly random: Random,
  ) {}

  watch(numbers: Float32Array, images: number): void {
    for (const number of numbers) {
      if (number < this.low) this.low = number;
      if (number > this.high) this.high = number;
    }
    const wanted = Math.min(numbers.length, Math.ceil((sampleSize * images) / this.images));
    for (let index = 0; index < wanted; index++)
      this.drawn.push(numbers[wanted === numbers.length ? index : this.random.integer(numbers.length)]!);
  }

  seen(): SeenValue {
    return { low: this.low, high: this.high, sample: Float32Array.from(this.drawn).sort() };
  }
}

/** A value's range by a rule: as much may lie outside on either side. Zero always lies inside. */
export function rangeOf({ low, high, sample }: SeenValue, rule: RangeRule): Range {
  const outside = Math.floor((shareOutside[rule] / 2) * sample.length);
  const [first, last] =
    outside === 0 ? [low, high] : [sample[outside]!, sample[sample.length - 1 - outside]!];
  return { low: Math.min(0, first), high: Math.max(0, last) };
}
