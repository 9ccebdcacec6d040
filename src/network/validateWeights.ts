import type { Failure } from './failure';
import type { GraphNode, Operator } from './graph';
import { weightsOf, type Weights } from './operators';

/**
 * Checks that a node carries as many numbers as its operator needs and that each is finite.
 * @returns at most one sentence per array, naming the node and the index of the first wrong number
 */
export function weightProblems(node: GraphNode): readonly Failure[] {
  const problems = weightsOf(node.operator).map((weights) => wrongCount(weights) ?? notFinite(weights));
  const all = [...problems, varianceProblem(node.operator)];
  return all
    .filter((problem) => problem !== null)
    .map((problem) => ({
      code: 'invalid-network',
      message: `Node "${node.name}" (${node.operator.kind}): ${problem}`,
    }));
}

function wrongCount({ what, data, expected, because }: Weights): string | null {
  if (data.length === expected) return null;
  return `expected ${expected} numbers in its ${what} (${because}), found ${data.length}.`;
}

function notFinite({ what, data }: Weights): string | null {
  const index = firstNotFinite(data);
  if (index < 0) return null;
  return `its ${what} holds ${data[index]} at index ${index}; every weight must be a finite number.`;
}

/** Weights that are looked at together. */
const stretch = 1024;

/** Plain loops: a callback per weight takes seconds on networks of the size of VGG. */
function firstNotFinite(data: Float32Array): number {
  for (let from = 0; from < data.length; from += stretch) {
    const end = Math.min(from + stretch, data.length);
    // Zero times what is finite is zero, all else is not a number, and stays so in the sum.
    let zero = 0;
    for (let index = from; index < end; index++) zero += 0 * data[index];
    if (zero === 0) continue;
    for (let index = from; index < end; index++) if (!Number.isFinite(data[index])) return index;
  }
  return -1;
}

/** Batch norm divides by the root of variance + epsilon. */
function varianceProblem(operator: Operator): string | null {
  if (operator.kind !== 'batchNorm') return null;
  const index = operator.variance.findIndex((variance) => variance + operator.epsilon <= 0);
  if (index < 0) return null;
  return `its variance is ${operator.variance[index]} at index ${index}; with epsilon it must be above zero.`;
}
