import type { GraphNode, Network } from './graph';
import type { LeftOut } from './images';
import { scoreOutput } from './outputs';
import { unsupportedText } from './shapes';

/** A network without the outputs that cannot be computed. */
export interface Computable {
  readonly network: Network;
  /** Those outputs, each with the node that stands in the way. */
  readonly outputsLeftOut: readonly LeftOut[];
}

/**
 * Leaves out the outputs that come from a node that cannot be computed, and all that nothing else needs: a label
 * beside the scores must not cost the network. Where the class scores themselves cannot be computed, everything
 * stays, for validation to name the node.
 */
export function withoutUncomputable(network: Network): Computable {
  const obstacles = obstaclesBefore(network);
  const outputs = network.outputs.filter((name) => !obstacles.has(name));
  const isWhole = outputs.length === network.outputs.length;
  if (isWhole || network.outputs.length === 0 || obstacles.has(scoreOutput(network)))
    return { network, outputsLeftOut: [] };
  const outputsLeftOut = network.outputs.flatMap((name) => {
    const reason = obstacles.get(name);
    return reason === undefined ? [] : [{ name, reason }];
  });
  const needed = new Set(outputs);
  for (const { output, inputs } of network.nodes.toReversed())
    if (needed.has(output)) inputs.forEach((value) => needed.add(value));
  const nodes = network.nodes.filter(({ output }) => needed.has(output));
  const scoresAt = outputs.indexOf(scoreOutput(network));
  return { network: { ...network, outputs, nodes, scoresAt }, outputsLeftOut };
}

/** Per value that cannot be computed, the sentence about the first node that stands in its way. */
function obstaclesBefore({ nodes }: Network): ReadonlyMap<string, string> {
  const obstacles = new Map<string, string>();
  for (const node of nodes) {
    const reason = obstacleOf(node) ?? node.inputs.map((value) => obstacles.get(value)).find((own) => own);
    if (reason !== undefined) obstacles.set(node.output, reason);
  }
  return obstacles;
}

function obstacleOf({ name, operator }: GraphNode): string | undefined {
  return operator.kind === 'unsupported' && operator.behind === undefined
    ? unsupportedText(name, operator)
    : undefined;
}
