import { leadingSvd } from '../linalg/leadingSvd';
import { withThinSvd, type ThinSvdOptions } from '../linalg/svd';
import { factorOperators, firstKernelShape, secondKernelShape } from './factorOperators';
import { fail } from './failure';
import type { GraphNode, Tensor } from './graph';
import { requireLayer, type LayerNode } from './layerNodes';
import type { Factorisation } from './layers';
import { sizeOf } from './shapes';
import {
  fullRank,
  unfoldGroup,
  unfoldedColumns,
  unfoldedRows,
  unfoldingOf,
  type Unfolding,
} from './unfolding';

/**
 * A layer's kernel as the product of two factors, at the largest rank that was asked for; every lower rank is
 * a prefix of it. Filters of the first factor are ordered by group, then by falling singular value: filter
 * group · rank + k is the k-th of its group.
 */
export interface LayerFactors {
  /** Name of the layer's node. */
  readonly layer: string;
  readonly factorisation: Factorisation;
  /** Filters per group between the two factors. */
  readonly rank: number;
  /** All of them, falling; those of a grouped layer summed over its groups, index by index. */
  readonly singularValues: Float64Array;
  /** Spatial [D_h, 1, I/g, g·rank], channel [D_h, D_w, I/g, g·rank], dense [inputs, rank]. */
  readonly first: Tensor;
  /** Spatial [1, D_w, rank, O], channel [1, 1, rank, O], dense [rank, outputs]. */
  readonly second: Tensor;
  /**
   * The rank that was asked for, where the factors are of a randomised decomposition that reaches fewer: all singular
   * values are estimates then (see `leadingSvd`).
   */
  readonly asked?: number;
}

/** How a kernel is decomposed. */
export interface FactoriseOptions {
  /** Told the singular values as soon as they are known, up to rounding errors. */
  readonly onValues?: (values: Float64Array) => void;
  /**
   * By a randomised method that takes a fraction of the time and reaches a part of the ranks; of a dense layer alone.
   */
  readonly isEstimated?: boolean;
}

/** The randomised search begins with so many vectors, in a smaller kernel with a twentieth of its lesser side. */
const largestBlock = 64;
const krylovSteps = 10;

/**
 * Factorises a layer's kernel by a singular value decomposition per group (the
 * best approximation of the unfolded kernel at every rank; Eckart and Young), the roots of the singular values
 * on both sides so that both factors have weights of about the same size.
 *
 * @param rank how many filters per group to keep; the full rank unless given, fewer take less time and memory
 * @throws FailureError `invalid-request` where the node is no layer, the factorisation is not one of its kind,
 * or the rank is not a whole number between 1 and the full rank
 */
export function factoriseLayer(
  node: GraphNode,
  factorisation: Factorisation,
  rank?: number,
  { onValues = () => undefined, isEstimated = false }: FactoriseOptions = {},
): LayerFactors {
  const layer = requireLayer(node);
  const unfolding = unfoldingOf(layer, factorisation);
  const full = fullRank(unfolding);
  const kept = rank ?? full;
  requireRank(node.name, kept, full);
  if (isEstimated) return estimatedFactors(layer, unfolding, kept, onValues);
  const first = emptyTensor(firstKernelShape(layer, factorisation, kept));
  const second = emptyTensor(secondKernelShape(layer, factorisation, kept));
  const singularValues = new Float64Array(full);
  for (let group = 0; group < unfolding.groups; group++) {
    const matrix = unfoldGroup(unfolding, group);
    const options: ThinSvdOptions = {
      vectors: kept,
      // Factors are written in single precision.
      precision: 'single',
      // Those of a grouped layer are known with its last group.
      ...(unfolding.groups === 1 ? { onValues } : {}),
    };
    withThinSvd(matrix, unfoldedRows(unfolding), unfoldedColumns(unfolding), options, (svd) => {
      svd.singularValues.forEach((value, index) => (singularValues[index] += value));
      const roots = svd.singularValues.subarray(0, kept).map(Math.sqrt);
      writeFirst(first, unfolding, group, svd.left, roots);
      writeSecond(second, unfolding, group, svd.right, roots);
    });
  }
  if (unfolding.groups > 1) onValues(singularValues);
  return { layer: node.name, factorisation, rank: kept, singularValues, first, second };
}

/** Factors of a dense layer that reach as far as a randomised decomposition does. */
function estimatedFactors(
  layer: LayerNode,
  unfolding: Unfolding,
  asked: number,
  onValues: (values: Float64Array) => void,
): LayerFactors {
  if (layer.operator.kind !== 'dense')
    throw new Error(`expected a dense layer to estimate, got the ${layer.operator.kind} layer ${layer.name}`);
  const block = Math.min(largestBlock, Math.max(1, Math.floor(fullRank(unfolding) / (2 * krylovSteps))));
  const steps = Math.min(krylovSteps, fullRank(unfolding));
  const [rows, columns] = [unfoldedRows(unfolding), unfoldedColumns(unfolding)];
  // The kernel itself is its only group's matrix.
  const svd = leadingSvd(unfolding.kernel.data, rows, columns, { block, steps, onValues });
  const first = emptyTensor(firstKernelShape(layer, 'dense', svd.rank));
  const second = emptyTensor(secondKernelShape(layer, 'dense', svd.rank));
  const roots = svd.values.map(Math.sqrt);
  writeFirst(first, unfolding, 0, svd.left, roots);
  writeSecond(second, unfolding, 0, svd.right, roots);
  const { rank, singularValues } = svd;
  return { layer: layer.name, factorisation: 'dense', rank, singularValues, first, second, asked };
}

/**
 * The two nodes that stand for a layer at a rank: `name/first`, which reads the layer's input and writes
 * `output/first`, and `name/second`, which adds the layer's bias and writes the layer's own output value.
 *
 * @throws FailureError `invalid-request` where the rank is not a whole number, below 1, above the layer's full
 * rank, or above the rank that the factors were computed for
 */
export function factorNodes(node: GraphNode, factors: LayerFactors, rank: number): [GraphNode, GraphNode] {
  const layer = requireLayer(node);
  const { first, second } = cutFactors(layer, factors, rank);
  const [firstOperator, secondOperator] = factorOperators(layer, factors.factorisation, first, second);
  const between = `${node.output}/first`;
  return [
    { name: `${node.name}/first`, inputs: node.inputs, output: between, operator: firstOperator },
    { name: `${node.name}/second`, inputs: [between], output: node.output, operator: secondOperator },
  ];
}

/**
 * The leading filters of a layer's factors, `rank` in every group.
 *
 * @throws FailureError as {@link factorNodes}
 */
function cutFactors(
  node: LayerNode,
  factors: LayerFactors,
  rank: number,
): Pick<LayerFactors, 'first' | 'second'> {
  const unfolding = unfoldingOf(node, factors.factorisation);
  requireRank(node.name, rank, fullRank(unfolding));
  requireFactors(node.name, factors, rank);
  return { first: firstPrefix(factors, rank, unfolding.groups), second: secondPrefix(factors, rank) };
}

function requireRank(name: string, rank: number, max: number): void {
  if (!Number.isInteger(rank))
    fail('invalid-request', `layer ${name}: expected a whole number as rank, found ${rank}; round it.`);
  if (rank < 1)
    fail(
      'invalid-request',
      `layer ${name}: expected a rank from 1, found ${rank}; ask for more, or keep the layer.`,
    );
  if (rank > max)
    fail(
      'invalid-request',
      `layer ${name}: expected a rank of at most ${max}, found ${rank}; ask for less, or keep the layer.`,
    );
}

function requireFactors(name: string, factors: LayerFactors, rank: number): void {
  if (factors.layer !== name)
    throw new Error(`expected the factors of ${name}, got those of ${factors.layer}`);
  requireReach(factors, rank);
  if (rank <= factors.rank) return;
  fail(
    'invalid-request',
    `layer ${name}: expected a rank of at most ${factors.rank}, for which its factors were computed, found ${rank}; factorise it anew.`,
  );
}

/** @throws FailureError `rank-not-reached` where factors are of an estimate that does not reach a rank */
export function requireReach({ layer, rank: reached, asked }: LayerFactors, rank: number): void {
  if (asked === undefined || rank <= reached) return;
  fail(
    'rank-not-reached',
    `layer ${layer}: expected a rank of at most ${reached}, which its estimated factors reach, found ${rank}; factorise it whole.`,
  );
}

function emptyTensor(shape: readonly number[]): Tensor {
  return { shape, data: new Float32Array(sizeOf(shape)) };
}

/** Sides of the blocks in which a matrix is turned over, so that they stay in the cache. */
const turned = 32;

/** left is rank × rows with rows (first tap, input), which is the order of the first kernel's memory. */
function writeFirst(
  first: Tensor,
  unfolding: Unfolding,
  group: number,
  left: Float64Array,
  roots: Float64Array,
): void {
  const rank = roots.length;
  const filters = unfolding.groups * rank;
  const rows = unfoldedRows(unfolding);
  for (let top = 0; top < rows; top += turned) {
    for (let from = 0; from < rank; from += turned) {
      const [bottom, to] = [Math.min(top + turned, rows), Math.min(from + turned, rank)];
      for (let row = top; row < bottom; row++) {
        for (let k = from; k < to; k++)
          first.data[row * filters + group * rank + k] = left[k * rows + row] * roots[k];
      }
    }
  }
}

/** right is rank × columns with columns (second tap, output); the kernel's memory is [second tap, rank, all outputs]. */
function writeSecond(
  second: Tensor,
  unfolding: Unfolding,
  group: number,
  right: Float64Array,
  roots: Float64Array,
): void {
  const { secondTaps, groups, outputs } = unfolding;
  const rank = roots.length;
  const columns = secondTaps * outputs;
  for (let tap = 0; tap < secondTaps; tap++) {
    for (let k = 0; k < rank; k++) {
      const to = (tap * rank + k) * groups * outputs + group * outputs;
      const from = k * columns + tap * outputs;
      for (let o = 0; o < outputs; o++) second.data[to + o] = right[from + o] * roots[k];
    }
  }
}

/** The first `rank` filters of every group. */
function firstPrefix({ first, rank: available }: LayerFactors, rank: number, groups: number): Tensor {
  const result = emptyTensor([...first.shape.slice(0, -1), groups * rank]);
  const runs = first.data.length / available;
  for (let run = 0; run < runs; run++) {
    result.data.set(first.data.subarray(run * available, run * available + rank), run * rank);
  }
  return result;
}

/** The weights of every tap that read the first `rank` filters. */
function secondPrefix({ second, rank: available }: LayerFactors, rank: number): Tensor {
  const outputs = second.shape[second.shape.length - 1];
  const result = emptyTensor([...second.shape.slice(0, -2), rank, outputs]);
  const taps = second.data.length / (available * outputs);
  for (let tap = 0; tap < taps; tap++) {
    const from = tap * available * outputs;
    result.data.set(second.data.subarray(from, from + rank * outputs), tap * rank * outputs);
  }
  return result;
}
