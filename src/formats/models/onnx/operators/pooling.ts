import { cannot } from '../context';
import type { NodeDraft, OnnxNode } from '../node';
import { pair, slidingOf } from './sliding';

type Reduce = 'max' | 'average';

/** MaxPool and AveragePool. */
export function pool(reduce: Reduce) {
  return (node: OnnxNode): NodeDraft => {
    if (!node.has('kernel_shape')) cannot('its window (kernel_shape) is missing.');
    if (node.context.isUsed(node.proto.outputs[1])) cannot('the indices of its maxima are used.');
    const isSequence = node.integers('kernel_shape')?.length === 1;
    const window = pair(node, 'kernel_shape', isSequence);
    const { stride, dilation, padding } = slidingOf(node, window, isSequence);
    if (dilation.height !== 1 || dilation.width !== 1) cannot('its window is dilated.');
    const roundUp = node.integer('ceil_mode', 0) !== 0;
    const includePadding = reduce === 'average' && node.integer('count_include_pad', 0) !== 0;
    const operator = { kind: 'pool', reduce, window, stride, padding, roundUp, includePadding } as const;
    return isSequence ? node.alongSequence(operator) : node.draft(operator);
  };
}

/** GlobalMaxPool and GlobalAveragePool of images and sequences. */
export function globalPool(reduce: Reduce) {
  return (node: OnnxNode): NodeDraft => {
    const operator = { kind: 'globalPool', reduce, keepDimensions: true } as const;
    const view = node.context.viewOf(node.computed(0));
    return view?.axes.length === 2 ? node.alongSequence(operator) : node.draft(operator);
  };
}
