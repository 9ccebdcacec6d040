import type { GraphNode, Network } from '../network/graph';

/** What a network answered for some images, in the order in which they were asked for. */
export interface Predictions {
  readonly count: number;
  readonly classes: number;
  /** count · classes raw outputs: probabilities where the network ends in a softmax, else logits. */
  readonly scores: Float32Array;
  readonly kind: ScoreKind;
  /** Class with the greatest score per image, the first of equals; −1 where every score is NaN. */
  readonly top1: Int32Array;
}

/** What a network's scores mean. */
export type ScoreKind = 'probabilities' | 'logits';

/** Whether the first output comes out of a softmax, perhaps reshaped. */
export function scoreKind(network: Network): ScoreKind {
  const writers = new Map<string, GraphNode>(network.nodes.map((node) => [node.output, node]));
  for (let node = writers.get(network.outputs[0] ?? ''); node; node = writers.get(node.inputs[0] ?? '')) {
    const { kind } = node.operator;
    if (kind === 'softmax') return 'probabilities';
    if (kind !== 'identity' && kind !== 'reshape' && kind !== 'flatten') return 'logits';
  }
  return 'logits';
}

/** Predictions from raw scores [count · classes]. */
export function predictionsOf(scores: Float32Array, classes: number, kind: ScoreKind): Predictions {
  const count = classes > 0 ? scores.length / classes : 0;
  const top1 = Int32Array.from({ length: count }, (_, image) => greatest(scores, image * classes, classes));
  return { count, classes, scores, kind, top1 };
}

function greatest(scores: Float32Array, start: number, classes: number): number {
  let best = -1;
  for (let c = 0; c < classes; c++) {
    const score = scores[start + c]!;
    if (!Number.isNaN(score) && (best < 0 || score > scores[start + best]!)) best = c;
  }
  return best;
}
