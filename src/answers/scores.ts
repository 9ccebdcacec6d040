import type { GraphNode, Network, Operator } from '../network/graph';

/** What a network's scores mean. */
export type ScoreKind = 'probabilities' | 'logits';

/** Class scores of a network on some images, in the order in which the images were asked for. */
export interface Scores {
  /** Scores per image; 0 where nothing was run. */
  readonly classes: number;
  /** images × classes raw outputs */
  readonly scores: Float32Array;
  /** As the graph says ({@link scoreKind}): the numbers alone do not tell. */
  readonly kind: ScoreKind;
}

/** Number of images that were scored. */
export function imageCount({ classes, scores }: Scores): number {
  return classes > 0 ? scores.length / classes : 0;
}

/**
 * Whether the first output comes out of a softmax, perhaps reshaped. Everything else counts as logits: sigmoids
 * too, whose probabilities of each class by itself do not add up to 1, and the logarithm of a softmax, whose
 * softmax are the probabilities again.
 */
export function scoreKind(network: Network): ScoreKind {
  const writers = new Map<string, GraphNode>(network.nodes.map((node) => [node.output, node]));
  for (let node = writers.get(network.outputs[0] ?? ''); node; node = writers.get(node.inputs[0] ?? '')) {
    const { kind } = node.operator;
    if (kind === 'softmax') return 'probabilities';
    if (!keepsValues.includes(kind)) return 'logits';
  }
  return 'logits';
}

/** Operators that only move values about. */
const keepsValues: readonly Operator['kind'][] = ['identity', 'reshape', 'flatten', 'transpose'];
