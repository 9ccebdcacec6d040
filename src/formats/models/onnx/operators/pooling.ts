import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';
import { pair, slidingOf } from './sliding';

type Reduce = 'max' | 'average';

/** MaxPool and AveragePool. */
export function pool(reduce: Reduce) {
  return (node: OnnxNode): NodeDraft => {
    if (!node.has('kernel_shape')) cannot('its window (kernel_shape) is missing.');
    if (node.context.isUsed(node.proto.outputs[1])) cannot('the indices of its maxima are used.');
    const window = pair(node, 'kernel_shape');
    const { stride, dilation, padding } = slidingOf(node, window);
    if (dilation.height !== 1 || dilation.width !== 1) cannot('its window is dilated.');
    const roundUp = node.integer('ceil_mode', 0) !== 0;
    const includePadding = reduce === 'average' && node.integer('count_include_pad', 0) !== 0;
    return node.draft({ kind: 'pool', reduce, window, stride, padding, roundUp, includePadding });
  };
}

/** GlobalMaxPool and GlobalAveragePool. */
export function globalPool(reduce: Reduce) {
  return (node: OnnxNode): NodeDraft => node.draft({ kind: 'globalPool', reduce, keepDimensions: true });
}

/** ReduceMean and ReduceMax over height and width. */
export function reduceSpatial(reduce: Reduce) {
  return (node: OnnxNode): NodeDraft => {
    node.imageShape(0);
    const axes = node.axes(18)?.map((axis) => fromFront(axis, 4)) ?? [];
    const isSpatial = axes.length === 2 && axes.includes(2) && axes.includes(3);
    if (!isSpatial) cannot(`it reduces axes [${axes.join(', ')}], expected height and width (2, 3).`);
    return node.draft({ kind: 'globalPool', reduce, keepDimensions: node.integer('keepdims', 1) !== 0 });
  };
}

/** Pad with a constant, on height and width only. */
export function pad(node: OnnxNode): NodeDraft {
  node.imageShape(0);
  const mode = node.text('mode', 'constant') || 'constant';
  if (mode !== 'constant') cannot(`it pads by "${mode}", expected a constant.`);
  const pads = allPads(node);
  const { 2: top, 3: left, 6: bottom, 7: right } = pads;
  if (pads.length !== 8 || pads.some((count) => count < 0))
    cannot(`its pads are [${pads.join(', ')}], expected 8 from 0 up.`);
  if (pads[0] || pads[1] || pads[4] || pads[5])
    cannot('it pads images or channels, expected height and width only.');
  const value = node.opset < 11 ? node.float('value', 0) : (node.scalar(2, 'padding value') ?? 0);
  return node.draft({
    kind: 'pad',
    padding: { top: top!, left: left!, bottom: bottom!, right: right! },
    value,
  });
}

/** Pads of all four axes, starts before ends. */
function allPads(node: OnnxNode): readonly number[] {
  const pads = (node.opset < 11 ? node.integers('pads') : node.integersAt(1, 'list of pads')) ?? [];
  const axes = node.opset < 18 ? null : node.integersAt(3, 'list of axes');
  if (!axes) return pads;
  const all = new Array<number>(8).fill(0);
  axes.forEach((axis, index) => {
    const at = fromFront(axis, 4);
    if (at < 0 || at > 3) cannot(`it pads axis ${axis} of an image.`);
    all[at] = pads[index] ?? 0;
    all[at + 4] = pads[index + axes.length] ?? 0;
  });
  return all;
}
