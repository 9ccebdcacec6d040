import type {
  Gather,
  GraphNode,
  MatrixProduct,
  Reduce,
  Shape,
  Slice,
  Transpose,
} from '../../../../network/graph';
import { sizeOf } from '../../../../network/shapes';
import { cannotWrite, type WriteContext } from './context';
import { perChannel } from './layers';
import { pair } from './sliding';

const channelsLast = { data_format: 'channels_last' };

/** Permute; Keras counts the batch as an axis. */
export function writeTranspose(node: GraphNode, { permutation }: Transpose, context: WriteContext): string {
  return context.add(node, 'Permute', { config: { dims: permutation.map((axis) => axis + 1) } });
}

/** A step on the way: the layer that stands for a value, and its shape. */
interface Step {
  readonly layer: string;
  readonly shape: Shape;
}

/** Adds steps for one node; every name says which. */
class Steps {
  private count = 0;

  constructor(
    private readonly node: GraphNode,
    private readonly context: WriteContext,
  ) {}

  add(
    className: string,
    { layer, shape }: Step,
    config: object,
    result: Shape = shape,
    more: object = {},
  ): Step {
    const suffix = `_step${++this.count}`;
    const settings = { inputs: [layer], config: { ...config }, suffix, ...more };
    return { layer: this.context.add(this.node, className, settings), shape: result };
  }

  reshape(step: Step, shape: Shape): Step {
    if (step.shape.join() === shape.join()) return step;
    return this.add('Reshape', step, { target_shape: shape }, shape);
  }

  /** x · factor + summand. */
  scale(step: Step, factor: number, summand = 0): Step {
    const fill = (value: number) => new Float32Array(step.shape.at(-1) ?? 1).fill(value);
    const { config, weights } = perChannel(fill(factor), fill(summand));
    return this.add('BatchNormalization', step, config, step.shape, { weights });
  }
}

function start(node: GraphNode, context: WriteContext): Step {
  return { layer: context.inputsOf(node)[0]!, shape: context.shape(node.inputs[0]!) };
}

/** A value as an image whose width is some neighbouring axes: layers cut and pool images along their width. */
function asWidth(steps: Steps, step: Step, first: number, last: number): Step {
  const { shape } = step;
  const width = sizeOf(shape.slice(first, last + 1));
  return steps.reshape(step, [sizeOf(shape.slice(0, first)), width, sizeOf(shape.slice(last + 1))]);
}

/** Cropping2D of one axis, and where only every so many elements stay a pool of one of them. */
export function writeSlice(node: GraphNode, operator: Slice, context: WriteContext): string {
  const steps = new Steps(node, context);
  const wide = asWidth(steps, start(node, context), operator.axis, operator.axis);
  return steps.reshape(sliced(steps, wide, operator), context.shape(node.output)).layer;
}

function sliced(
  steps: Steps,
  step: Step,
  { start: from, end, step: every }: Omit<Slice, 'kind' | 'axis'>,
): Step {
  const [height, width, channels] = step.shape as [number, number, number];
  const sides = [
    [0, 0],
    [from, width - end],
  ];
  const cropped = steps.add('Cropping2D', step, { cropping: sides, ...channelsLast }, [
    height,
    end - from,
    channels,
  ]);
  if (every === 1) return cropped;
  const strides = pair({ height: 1, width: every });
  const kept = [height, Math.ceil((end - from) / every), channels];
  return steps.add(
    'MaxPooling2D',
    cropped,
    { pool_size: [1, 1], strides, padding: 'valid', ...channelsLast },
    kept,
  );
}

/** Pieces that a layer each is worth. */
const maxPieces = 64;

/** Runs of neighbouring elements, cut out and joined. */
export function writeGather(node: GraphNode, { axis, indices }: Gather, context: WriteContext): string {
  const runs: { start: number; end: number }[] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last?.end === index) last.end++;
    else runs.push({ start: index, end: index + 1 });
  }
  if (runs.length > maxPieces)
    cannotWrite(
      context,
      node,
      `it picks ${runs.length} pieces, more than the ${maxPieces} that are written as layers`,
    );
  const steps = new Steps(node, context);
  const wide = asWidth(steps, start(node, context), axis, axis);
  const pieces = runs.map((run) => sliced(steps, wide, { ...run, step: 1 }));
  const [height, , channels] = wide.shape as [number, number, number];
  const shape = [height, indices.length, channels];
  const joined =
    pieces.length === 1
      ? pieces[0]!
      : steps.add('Concatenate', pieces[0]!, { axis: 2 }, shape, {
          inputs: pieces.map(({ layer }) => layer),
        });
  return steps.reshape(joined, context.shape(node.output)).layer;
}

/** Pools over the whole of neighbouring axes, those behind first. */
export function writeReduce(
  node: GraphNode,
  { function: name, axes }: Reduce,
  context: WriteContext,
): string {
  const steps = new Steps(node, context);
  const begun = start(node, context);
  const runs: { first: number; last: number }[] = [];
  for (const axis of axes.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.last === axis - 1) run.last = axis;
    else runs.push({ first: axis, last: axis });
  }
  const count = axes.reduce((all, axis) => all * begun.shape[axis]!, 1);
  const turned = name === 'min' ? steps.scale(begun, -1) : begun;
  const pooled = runs.reduceRight(
    (step, { first, last }) => pooledOver(steps, step, first, last, name),
    turned,
  );
  const finished =
    name === 'min' ? steps.scale(pooled, -1) : name === 'sum' ? steps.scale(pooled, count) : pooled;
  return steps.reshape(finished, context.shape(node.output)).layer;
}

/** One value for some axes, which stay with an extent of 1 each. */
function pooledOver(steps: Steps, step: Step, first: number, last: number, name: Reduce['function']): Step {
  const wide = asWidth(steps, step, first, last);
  const [height, width, channels] = wide.shape as [number, number, number];
  const size = pair({ height: 1, width });
  const className = name === 'mean' || name === 'sum' ? 'AveragePooling2D' : 'MaxPooling2D';
  const config = { pool_size: size, strides: size, padding: 'valid', ...channelsLast };
  const pooled = steps.add(className, wide, config, [height, 1, channels]);
  return steps.reshape(
    pooled,
    step.shape.map((extent, axis) => (axis >= first && axis <= last ? 1 : extent)),
  );
}

/** Dot of two matrices per image. */
export function writeMatrixProduct(node: GraphNode, _: MatrixProduct, context: WriteContext): string {
  const shapes = node.inputs.map((value) => context.shape(value));
  if (shapes.some(({ length }) => length !== 2))
    cannotWrite(
      context,
      node,
      `it multiplies matrices of ${shapes.map((shape) => shape.join('×')).join(' and ')}`,
    );
  return context.add(node, 'Dot', { config: { axes: [2, 1], normalize: false } });
}
