import { FailureError, type Failure } from './failure';
import type { GraphNode, Network, Shape } from './graph';
import { inputCounts, shapeOf } from './operators';
import { misfit } from './operatorShapes';

export { shapeText, sizeOf } from './extents';
export { unsupportedText } from './operators';

/** Shapes of all values that can be worked out, and what stood in the way of the others. */
export interface ShapeReport {
  /** By value name; values downstream of an unsupported or misfitting node have no entry. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Misfits, one sentence each; unsupported nodes are no misfit. */
  readonly problems: readonly Failure[];
}

/** Works out the shape of every value in network order. */
export function inferShapes(network: Network): ShapeReport {
  const shapes = new Map<string, Shape>([[network.input.name, network.input.shape]]);
  const problems: Failure[] = [];
  for (const node of network.nodes) {
    const inputs = node.inputs.map((value) => shapes.get(value));
    if (node.operator.kind === 'unsupported' || !inputs.every((shape) => shape !== undefined)) continue;
    try {
      shapes.set(node.output, outputShape(node, inputs));
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      problems.push(error.failure);
    }
  }
  return { shapes, problems };
}

/**
 * Shape of the value that a node writes.
 *
 * @throws FailureError `invalid-network` where the inputs do not fit the operator, `unsupported-operator`
 * where the operator is one the studio does not know; the sentence names the node.
 */
export function outputShape(node: GraphNode, inputs: readonly Shape[]): Shape {
  requireInputCount(node, inputs.length);
  return shapeOf(node, node.operator, inputs);
}

function requireInputCount(node: GraphNode, count: number): void {
  const { min, max } = inputCounts[node.operator.kind];
  if (count >= min && count <= max) return;
  misfit(node, `expected ${max > min ? 'at least ' : ''}${min} input(s), found ${count}.`);
}
