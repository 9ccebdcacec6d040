import { isOrderless } from '../../../../network/extents';
import type { Concat, Flatten, GlobalPool, GraphNode, Reshape } from '../../../../network/graph';
import type { WriteContext } from './context';

/** The layer whose values, counted as they lie, are in the wanted order. */
function ordered(node: GraphNode, order: Flatten['order'], context: WriteContext): readonly string[] {
  if (order === 'hwc' || isOrderless(context.shape(node.inputs[0]!))) return context.inputsOf(node);
  return [context.add(node, 'Permute', { suffix: '_channels_first', config: { dims: [3, 1, 2] } })];
}

/** Flatten; a vector is flat already. */
export function writeFlatten(node: GraphNode, { order }: Flatten, context: WriteContext): string {
  if (context.shape(node.inputs[0]!).length === 1) return context.inputsOf(node)[0]!;
  const inputs = ordered(node, order, context);
  return context.add(node, 'Flatten', { inputs, config: { data_format: 'channels_last' } });
}

/** Reshape; counted channels first, an image is made in that order and its axes are then put right. */
export function writeReshape(node: GraphNode, { shape, order }: Reshape, context: WriteContext): string {
  const inputs = ordered(node, order, context);
  if (order === 'hwc' || isOrderless(shape))
    return context.add(node, 'Reshape', { inputs, config: { target_shape: shape } });
  const [height, width, channels] = shape as [number, number, number];
  const target = { target_shape: [channels, height, width] };
  const reshaped = context.add(node, 'Reshape', { inputs, config: target, suffix: '_channels_first_image' });
  return context.add(node, 'Permute', { inputs: [reshaped], config: { dims: [2, 3, 1] } });
}

/** Concatenate; Keras counts the batch as an axis. */
export function writeConcat(node: GraphNode, { axis }: Concat, context: WriteContext): string {
  const inputs = context.inputsOf(node);
  return inputs.length === 1 ? inputs[0]! : context.add(node, 'Concatenate', { config: { axis: axis + 1 } });
}

/** Global pooling answers a vector; where 1 × 1 images are wanted it is reshaped. */
export function writeGlobalPool(
  node: GraphNode,
  { reduce, keepDimensions }: GlobalPool,
  context: WriteContext,
): string {
  const className = reduce === 'max' ? 'GlobalMaxPooling2D' : 'GlobalAveragePooling2D';
  const config = { data_format: 'channels_last' };
  if (!keepDimensions) return context.add(node, className, { config });
  const pooled = context.add(node, className, { config, suffix: '_pooled' });
  return context.add(node, 'Reshape', {
    inputs: [pooled],
    config: { target_shape: context.shape(node.output) },
  });
}
