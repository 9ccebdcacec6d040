import { foldBatchNorm } from '../engine/operators/fold';
import type { BatchNorm, GraphNode, Network } from '../network/graph';
import { isLayer, type LayerNode } from '../network/layerNodes';
import { withWeights } from '../network/layerWeights';
import { kernelOf, sharedKernels } from '../network/sharing';
import type { Patch, Replacement } from '../network/patch';

/** The one node that reads a value; undefined where several do or the network answers with it. */
export function onlyReaders({ nodes, outputs }: Network): (value: string) => GraphNode | undefined {
  const readers = new Map<string, GraphNode[]>();
  for (const node of nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  return (value) => {
    const [reader, ...others] = readers.get(value) ?? [];
    return others.length > 0 || outputs.includes(value) ? undefined : reader;
  };
}

/**
 * Puts every batch norm that alone reads a layer's answer into the layer's kernel and bias: a level of the kernel is
 * then a level of what follows. Kernels that several layers use stay as they are.
 */
export function foldedNorms(network: Network): Patch {
  const readerOf = onlyReaders(network);
  const followers = sharedKernels(network);
  const shared = new Set([...followers.keys(), ...followers.values()]);
  const replacements = network.nodes.flatMap((node): Replacement[] => {
    const next = isLayer(node) && !shared.has(node.name) ? readerOf(node.output) : undefined;
    return isLayer(node) && next?.operator.kind === 'batchNorm'
      ? [
          { node: node.name, nodes: [folded(node, next as GraphNode<BatchNorm>)] },
          { node: next.name, nodes: [] },
        ]
      : [];
  });
  return { replacements };
}

function folded(node: LayerNode, norm: GraphNode<BatchNorm>): LayerNode {
  const { kernel, bias } = foldBatchNorm({ kernel: kernelOf(node), bias: node.operator.bias }, norm.operator);
  return { ...withWeights(node, kernel, bias), output: norm.output };
}
