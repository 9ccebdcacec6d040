import { fail } from './failure';
import type { Conv2d, Dense, Tensor } from './graph';
import type { LayerNode } from './layerNodes';
import type { Factorisation } from './layers';

/**
 * How a kernel unfolds to one matrix per group.
 *
 * Every factorisation shares the taps of the kernel out between the two factors, and the kernel's memory then
 * reads [first taps, second taps, inputs, outputs]: spatial gives the D_h rows of taps to the first factor and
 * the D_w columns to the second, channel gives all D_h · D_w taps to the first, and a dense layer has a single
 * tap. A group's matrix has the rows (first tap, input) and the columns (second tap, output); singular values
 * do not depend on the order of rows and columns.
 */
export interface Unfolding {
  readonly kernel: Tensor;
  readonly firstTaps: number;
  readonly secondTaps: number;
  readonly groups: number;
  /** Per group. */
  readonly inputs: number;
  /** Per group. */
  readonly outputs: number;
}

/** @throws FailureError `invalid-request` where the factorisation is not one of the layer's kind */
export function unfoldingOf(node: LayerNode, factorisation: Factorisation): Unfolding {
  const { operator } = node;
  if ((operator.kind === 'dense') !== (factorisation === 'dense')) {
    fail(
      'invalid-request',
      `layer ${node.name}: expected a factorisation that a ${operator.kind} layer has, found ${factorisation}; choose another.`,
    );
  }
  return operator.kind === 'dense' ? denseUnfolding(operator) : convolutionUnfolding(operator, factorisation);
}

function denseUnfolding({ weights }: Dense): Unfolding {
  const [inputs, outputs] = weights.shape;
  return { kernel: weights, firstTaps: 1, secondTaps: 1, groups: 1, inputs, outputs };
}

function convolutionUnfolding({ kernel, groups }: Conv2d, factorisation: Factorisation): Unfolding {
  const [height, width, inputs, outputs] = kernel.shape;
  const isSpatial = factorisation === 'spatial';
  return {
    kernel,
    firstTaps: isSpatial ? height : height * width,
    secondTaps: isSpatial ? width : 1,
    groups,
    inputs,
    outputs: outputs / groups,
  };
}

/** Rows of a group's matrix. */
export function unfoldedRows({ firstTaps, inputs }: Unfolding): number {
  return firstTaps * inputs;
}

/** Columns of a group's matrix. */
export function unfoldedColumns({ secondTaps, outputs }: Unfolding): number {
  return secondTaps * outputs;
}

/** Rank per group at which the factors reproduce the layer: the lesser side of a group's matrix. */
export function fullRank(unfolding: Unfolding): number {
  return Math.min(unfoldedRows(unfolding), unfoldedColumns(unfolding));
}

/** The matrix of one group, rows × columns, row-major. */
export function unfoldGroup(unfolding: Unfolding, group: number): Float32Array {
  const { kernel, firstTaps, secondTaps, groups, inputs, outputs } = unfolding;
  const matrix = new Float32Array(unfoldedRows(unfolding) * unfoldedColumns(unfolding));
  let to = 0;
  for (let first = 0; first < firstTaps; first++) {
    for (let input = 0; input < inputs; input++) {
      for (let second = 0; second < secondTaps; second++) {
        const from = ((first * secondTaps + second) * inputs + input) * groups * outputs + group * outputs;
        matrix.set(kernel.data.subarray(from, from + outputs), to);
        to += outputs;
      }
    }
  }
  return matrix;
}
