import type { Network, Operator, Shape } from '../../network/graph';
import { chainOf, seededNumbers } from '../../network/testing/builders';
import { referenceScores } from '../../network/testing/referenceExecutor';

/** A small network, inputs for it and what the reference executor makes of them. */
export interface OperatorCase {
  readonly name: string;
  readonly network: Network;
  readonly images: number;
  /** [images, ...network.input.shape] */
  readonly input: Float32Array;
  /** Shape of the first output for one image. */
  readonly outputShape: Shape;
  /** [images, ...outputShape] */
  readonly expected: Float32Array;
}

/** Largest difference that float32 kernels may show, relative where values are greater than 1. */
export const operatorTolerance = 1e-4;

/** Largest |found − expected| / max(1, |expected|); Infinity where lengths differ or something is NaN. */
export function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    if (Number.isNaN(error)) return Infinity;
    largest = Math.max(largest, error);
  }
  return largest;
}

/** A case from a network; inputs are random, two images so that batches cannot be mixed up. */
export function caseOf(name: string, network: Network, seed = 1, images = 2): OperatorCase {
  const size = network.input.shape.reduce((product, extent) => product * extent, 1);
  const input = seededNumbers(seed).values(images * size, 1.5);
  const answers = Array.from({ length: images }, (_, image) =>
    referenceScores(network, input.subarray(image * size, (image + 1) * size)),
  );
  const expected = Float32Array.from(answers.flatMap(({ data }) => [...data]));
  return { name, network, images, input, outputShape: answers[0]?.shape ?? [], expected };
}

/** A case of operators that read one another. */
export function chainCase(name: string, input: Shape, ...operators: readonly Operator[]): OperatorCase {
  return caseOf(name, chainOf(input, operators));
}
