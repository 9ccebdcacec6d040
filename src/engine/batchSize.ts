import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../network/graph';
import { inferShapes, sizeOf } from '../network/shapes';

/** Bytes that the values of one batch may take at the same time. */
const budget = 192 * 2 ** 20;
/** Beyond this a larger batch is no faster (measured with ResNet-56 on WebAssembly), only later to cancel. */
const max = 32;

/** Bytes of the values that are alive at the busiest node, for one image, when run in network order. */
export function peakBytesPerImage(network: Network): number {
  const { shapes } = inferShapes(network);
  const bytes = (value: string) => 4 * sizeOf(shapes.get(value) ?? []);
  const lastReader = new Map<string, number>();
  network.nodes.forEach((node, index) => node.inputs.forEach((input) => lastReader.set(input, index)));
  let alive = bytes(network.input.name);
  let peak = alive;
  network.nodes.forEach((node, index) => {
    alive += bytes(node.output);
    peak = Math.max(peak, alive);
    const finished = new Set(node.inputs.filter((input) => lastReader.get(input) === index));
    finished.forEach((input) => (alive -= bytes(input)));
  });
  return peak;
}

/** Images per batch: as many as are useful and fit in memory, at least one. */
export function suggestBatchSize(network: Network): number {
  const fitting = Math.floor(budget / peakBytesPerImage(network));
  return Math.max(1, Math.min(max, fitting));
}

/**
 * Bytes of values that a processor's caches hold, about, and images below which a step is too short (ResNet-56 on
 * WebAssembly, on two threads at once: 8 to 16 images are 5 to 10 % faster than 32, and than 4).
 */
const cached = { bytes: 2.5 * 2 ** 20, min: 8 };

/** Images per batch where a network is only run: on a processor no more than its caches hold. */
export function evaluationBatchSize(network: Network): number {
  const suggested = suggestBatchSize(network);
  if (tf.getBackend() === 'webgpu') return suggested;
  const inCache = Math.floor(cached.bytes / peakBytesPerImage(network));
  return Math.min(suggested, Math.max(cached.min, inCache));
}
