import { biasOf, levelledValues, roundedBias } from '../network/levels';
import type { GraphNode, Network, Quantise } from '../network/graph';
import { isLayer, type LayerNode } from '../network/layerNodes';
import { withWeights } from '../network/layerWeights';
import { kernelOf } from '../network/sharing';
import type { Patch, Replacement } from '../network/patch';
import { unusedName } from '../network/unusedName';

/** Rounds some values of a network: what is written under a value's name is the rounded one. */
export function withRoundedValues(network: Network, roundings: ReadonlyMap<string, Quantise>): Patch {
  const taken = new Set(network.nodes.flatMap(({ name, output }) => [name, output]));
  const fresh = (wanted: string) => unusedName(wanted, taken);
  const { name: input } = network.input;
  const ofInput = roundings.get(input);
  const rounded = ofInput && fresh(`${input}/rounded`);
  const first = network.nodes.find(({ inputs }) => inputs.includes(input));
  const replacements = network.nodes.flatMap((node): Replacement[] => {
    const nodes: GraphNode[] = [];
    let own = node;
    if (rounded !== undefined && node.inputs.includes(input)) {
      if (node === first)
        nodes.push({ name: fresh(`${input}/round`), inputs: [input], output: rounded, operator: ofInput! });
      own = { ...own, inputs: own.inputs.map((value) => (value === input ? rounded : value)) };
    }
    const operator = roundings.get(node.output);
    if (operator) {
      const exact = fresh(`${node.output}/exact`);
      const round = { name: fresh(`${node.name}/round`), inputs: [exact], output: node.output, operator };
      nodes.push({ ...own, output: exact }, round);
    } else nodes.push(own);
    return nodes.length === 1 && nodes[0] === node ? [] : [{ node: node.name, nodes }];
  });
  return { replacements };
}

/**
 * Rounds the biases of layers in whole numbers to what runtimes add up in: multiples of both scales' product. A layer
 * of which one does not fit into 32 bits is left to floating point.
 */
export function withRoundedBiases(network: Network): Patch {
  const levels = levelledValues(network);
  const replacements = network.nodes.filter(isLayer).flatMap((node): Replacement[] => {
    const made = inWholeNumbers(node, levels.get(node.inputs[0]!));
    return made === node ? [] : [{ node: node.name, nodes: [made] }];
  });
  return { replacements };
}

function inWholeNumbers(node: LayerNode, input: Quantise | undefined): LayerNode {
  const kernel = kernelOf(node);
  const { bias } = node.operator;
  if (!input || !bias || kernel.stored?.type !== 'int8') return node;
  const levels = roundedBias(bias, input.scale, kernel.stored.scales);
  if (levels) return withWeights(node, kernel, biasOf(levels));
  return withWeights(node, { shape: kernel.shape, data: kernel.data }, bias);
}
