import type { Elementwise, GraphNode, Tensor } from '../../../../network/graph';
import { shapeText } from '../../../../network/shapes';
import { cannotWrite, type WriteContext } from './context';
import { perChannel } from './layers';
import { greatest } from '../../../../linalg/extremes';

/** Add and Multiply; constants that are one number, or one per channel, become a scaling of their own. */
export function writeCombination(node: GraphNode, kind: 'add' | 'multiply', context: WriteContext): string {
  const { computed, constants } = operandsOf(node, context);
  const inputs = stretchedAll(node, computed, context);
  const className = kind === 'add' ? 'Add' : 'Multiply';
  const combined = inputs.length === 1 ? inputs[0]! : context.add(node, className, { inputs });
  if (constants.length === 0) return combined;
  const channels = channelsOf(computed, context);
  const all = constants
    .map((constant) => alongChannels(node, constant, channels, context))
    .reduce((left, right) =>
      left.map((value, index) => (kind === 'add' ? value + right[index]! : value * right[index]!)),
    );
  const fill = (value: number) => new Float32Array(channels).fill(value);
  const layer = kind === 'add' ? perChannel(fill(1), all) : perChannel(all, fill(0));
  return context.add(node, 'BatchNormalization', { ...layer, inputs: [combined] });
}

/** Differences, quotients, squares, maxima and minima. */
export function writeElementwise(node: GraphNode, operator: Elementwise, context: WriteContext): string {
  const { function: name } = operator;
  const { computed, constants } = operandsOf(node, context);
  switch (name) {
    case 'maximum':
    case 'minimum':
      if (constants.length > 0) return writeBound(node, name, context);
      return context.add(node, name === 'maximum' ? 'Maximum' : 'Minimum', {
        inputs: stretchedAll(node, computed, context),
      });
    case 'subtract':
      return writeDifference(node, context);
    case 'divide': {
      const divisor = context.constant(node.inputs[1]!);
      if (!divisor) return cannotWrite(context, node, 'it divides by what is computed, and no layer does');
      return byChannel(node, context, node.inputs[0]!, divisor, (value) => [1 / value, 0]);
    }
    case 'power': {
      const exponent = context.constant(node.inputs[1]!);
      if (exponent?.data.every((value) => value === 2))
        return context.add(node, 'Multiply', {
          inputs: Array<string>(2).fill(context.layerOf(node.inputs[0]!, node.name)),
        });
      return cannotWrite(context, node, 'it raises to a power other than 2, and no layer does');
    }
    default:
      return name satisfies never;
  }
}

/** Keras has a layer for differences; in TF.js it is a sum with the negative. */
function writeDifference(node: GraphNode, context: WriteContext): string {
  const [first, second] = node.inputs as [string, string];
  const [minuend, subtrahend] = [context.constant(first), context.constant(second)];
  if (subtrahend) return byChannel(node, context, first, subtrahend, (value) => [1, -value]);
  if (minuend) return byChannel(node, context, second, minuend, (value) => [-1, value]);
  const inputs = stretchedAll(node, node.inputs, context);
  if (context.dialect === 'keras') return context.add(node, 'Subtract', { inputs });
  const fill = (value: number) => new Float32Array(context.shape(second).at(-1) ?? 1).fill(value);
  const negative = context.add(node, 'BatchNormalization', {
    ...perChannel(fill(-1), fill(0)),
    ...{ inputs: [inputs[1]!], suffix: '_negative' },
  });
  return context.add(node, 'Add', { inputs: [inputs[0]!, negative] });
}

/** max(x, c) = c + relu(x − c); min(x, c) = c − relu(c − x). */
function writeBound(node: GraphNode, name: 'maximum' | 'minimum', context: WriteContext): string {
  const { computed, constants } = operandsOf(node, context);
  const [bound] = constants;
  if (constants.length !== 1 || computed.length !== 1 || !bound)
    return cannotWrite(context, node, 'it compares more than one value with a constant');
  const sign = name === 'maximum' ? 1 : -1;
  const shifted = byChannel(node, context, computed[0]!, bound, (value) => [sign, -sign * value], '_shifted');
  const cut = context.add(node, 'ReLU', { inputs: [shifted], config: { max_value: null }, suffix: '_cut' });
  const channels = channelsOf(computed, context);
  const offset = alongChannels(node, bound, channels, context);
  const back = perChannel(new Float32Array(channels).fill(sign), offset);
  return context.add(node, 'BatchNormalization', { ...back, inputs: [cut] });
}

/** A value scaled and shifted by what a constant says for each channel. */
function byChannel(
  node: GraphNode,
  context: WriteContext,
  value: string,
  constant: Tensor,
  factors: (value: number) => readonly [number, number],
  suffix = '',
): string {
  const channels = channelsOf([value], context);
  const pairs = Array.from(alongChannels(node, constant, channels, context), factors);
  const layer = perChannel(
    Float32Array.from(pairs, ([factor]) => factor),
    Float32Array.from(pairs, ([, summand]) => summand),
  );
  const inputs = [context.layerOf(value, node.name)];
  return context.add(node, 'BatchNormalization', { ...layer, inputs, suffix });
}

function operandsOf({ inputs, name }: GraphNode, context: WriteContext) {
  const constants = inputs.flatMap((value) => context.constant(value) ?? []);
  const computed = inputs.filter((value) => !context.constant(value));
  // Names the node where it combines constants only.
  if (computed.length === 0) context.layerOf(inputs[0]!, name);
  return { computed, constants };
}

function channelsOf(values: readonly string[], context: WriteContext): number {
  return greatest(values.map((value) => context.shape(value).at(-1) ?? 1));
}

/** Layers of values of different axes, all with as many as the one that has most. */
function stretchedAll(node: GraphNode, values: readonly string[], context: WriteContext): readonly string[] {
  const axes = greatest(values.map((value) => context.shape(value).length));
  return values.map((value) => stretched(node, value, axes, context));
}

/** A vector among images gets height and width. */
function stretched(node: GraphNode, value: string, axes: number, context: WriteContext): string {
  const layer = context.layerOf(value, node.name);
  const shape = context.shape(value);
  if (shape.length === axes) return layer;
  const target = [...Array<number>(axes - shape.length).fill(1), ...shape];
  const config = { target_shape: target };
  return context.add(node, 'Reshape', { suffix: '_stretched', inputs: [layer], config });
}

function alongChannels(
  node: GraphNode,
  { shape, data }: Tensor,
  channels: number,
  context: WriteContext,
): Float32Array {
  if (data.length === 1) return new Float32Array(channels).fill(data[0]!);
  if (data.length === channels && shape.at(-1) === channels) return data;
  return cannotWrite(
    context,
    node,
    `it reads a constant of shape ${shapeText(shape)}, and only one number per channel can be written`,
  );
}
