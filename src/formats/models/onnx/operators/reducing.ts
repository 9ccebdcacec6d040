import type { Reduce } from '../../../../network/graph';
import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';

/** First operator set in which the axes of a reduction are an input. */
const axesInputSince = { mean: 18, max: 18, min: 18, sum: 13 } as const;

/** ReduceMean, ReduceMax, ReduceMin and ReduceSum; of height and width of an image they are global pools. */
export function reduction(name: Reduce['function'], axesSince: number = axesInputSince[name]) {
  return (node: OnnxNode): NodeDraft => {
    const { value, axes } = node.view(0);
    const rank = axes.length + 1;
    const given = node.axes(axesSince)?.map((axis) => fromFront(axis, rank)) ?? [];
    const isNothing = given.length === 0 && node.integer('noop_with_empty_axes', 0) !== 0;
    if (isNothing) return node.passOn({ kind: 'identity', origin: 'identity' });
    if (given.length === 0 || given.some((axis) => axis < 1 || axis >= rank))
      cannot(`it reduces axes [${given.join(', ')}], expected none but those of one image.`);
    const shape = node.context.shapes.get(value)!;
    const keepDimensions = node.integer('keepdims', 1) !== 0;
    const spare = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const reduced = given.map((axis) => axes[axis - 1]!);
    const gone = keepDimensions ? reduced : [...reduced, ...spare].sort((a, b) => a - b);
    const kept = shape.map((_, axis) => axis).filter((axis) => !gone.includes(axis));
    const lies = keepDimensions
      ? axes
      : axes.filter((_, index) => !given.includes(index + 1)).map((axis) => kept.indexOf(axis));
    return { operator: operatorOf(name, gone, shape.length, keepDimensions), inputs: [value], axes: lies };
  };
}

/** ReduceL2: the root of the sum of squares. */
export function euclideanNorm(node: OnnxNode): NodeDraft {
  const { context } = node;
  const part = (name: 'square' | 'sqrt') =>
    ({ kind: 'activation', function: name, alpha: 0, beta: 0 }) as const;
  const sum = reduction('sum', 18)(node);
  const squares = context.helper(node.output, part('square'), sum.inputs);
  const total = context.helper(node.output, sum.operator, [squares]);
  return { ...sum, operator: part('sqrt'), inputs: [total] };
}

function operatorOf(
  name: Reduce['function'],
  axes: readonly number[],
  rank: number,
  keepDimensions: boolean,
): NodeDraft['operator'] {
  const isSpatial = rank === 3 && axes.length === 2 && axes.includes(0) && axes.includes(1);
  if (isSpatial && (name === 'mean' || name === 'max'))
    return { kind: 'globalPool', reduce: name === 'max' ? 'max' : 'average', keepDimensions };
  return { kind: 'reduce', function: name, axes, keepDimensions };
}
