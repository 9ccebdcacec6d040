import type { Activation, GraphNode, Tensor } from '../../../../network/graph';
import { shapeText } from '../../../../network/shapes';
import { cannotWrite, type WriteContext } from './context';
import { perChannel } from './layers';

export function writeActivation(node: GraphNode, operator: Activation, context: WriteContext): string {
  const { function: name, alpha, beta } = operator;
  switch (name) {
    case 'relu':
      return rectify(node, context, null);
    case 'relu6':
      return rectify(node, context, 6);
    case 'leakyRelu':
      // Keras 2 and 3 call the slope of LeakyReLU by different names, that of ReLU by one; TF.js has only the first.
      if (context.dialect === 'tfjs') return context.add(node, 'LeakyReLU', { config: { alpha } });
      if (alpha < 0) cannotWrite(context, node, `its slope is ${alpha}, and Keras allows none below zero`);
      return context.add(node, 'ReLU', { config: { max_value: null, negative_slope: alpha, threshold: 0 } });
    case 'elu':
      if (context.dialect === 'tfjs' && alpha !== 1) return scaledElu(node, context, alpha);
      return context.add(node, 'ELU', { config: { alpha } });
    case 'hardSigmoid':
      return gate(node, context, alpha, beta, '');
    case 'hardSwish':
      return context.add(node, 'Multiply', {
        inputs: [...context.inputsOf(node), gate(node, context, 1 / 6, 0.5, '_gate')],
      });
    case 'sigmoid':
    case 'tanh':
    case 'softplus':
    case 'swish':
      return context.add(node, 'Activation', { config: { activation: name } });
    case 'selu':
    case 'gelu':
    case 'geluTanh':
    case 'mish':
    case 'softsign':
    case 'clip':
    case 'erf':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'square':
    case 'abs':
    case 'negate':
    case 'reciprocal':
      return cannotWrite(context, node, `there is no layer for ${name}`);
    default:
      return name satisfies never;
  }
}

/** alpha · elu(x) + (1 − alpha) · relu(x): TF.js has an ELU of alpha 1 only. */
function scaledElu(node: GraphNode, context: WriteContext, alpha: number): string {
  const channels = context.shape(node.inputs[0]!).at(-1)!;
  const scaled = (input: string, factor: number, suffix: string) => {
    const layer = perChannel(new Float32Array(channels).fill(factor), new Float32Array(channels));
    return context.add(node, 'BatchNormalization', { ...layer, inputs: [input], suffix });
  };
  const unit = context.add(node, 'ELU', { config: { alpha: 1 }, suffix: '_unit' });
  const positive = rectify(node, context, null, { suffix: '_positive' });
  const inputs = [scaled(unit, alpha, '_unit_scaled'), scaled(positive, 1 - alpha, '_positive_scaled')];
  return context.add(node, 'Add', { inputs });
}

function rectify(
  node: GraphNode,
  context: WriteContext,
  greatest: number | null,
  more: { readonly inputs?: readonly string[]; readonly suffix?: string } = {},
): string {
  const slope = context.dialect === 'tfjs' ? {} : { negative_slope: 0, threshold: 0 };
  return context.add(node, 'ReLU', { config: { max_value: greatest, ...slope }, ...more });
}

/** max(0, min(1, alpha·x + beta)): what "hard_sigmoid" means differs between Keras 2 and 3. */
function gate(node: GraphNode, context: WriteContext, alpha: number, beta: number, suffix: string): string {
  const channels = context.shape(node.inputs[0]!).at(-1)!;
  const fill = (value: number) => new Float32Array(channels).fill(value);
  const scaled = perChannel(fill(alpha), fill(beta));
  const inner = context.add(node, 'BatchNormalization', { ...scaled, suffix: `${suffix}_scaled` });
  return rectify(node, context, 1, { inputs: [inner], suffix });
}

/** Add and Multiply; constants that are one number, or one per channel, become a scaling of their own. */
export function writeCombination(node: GraphNode, kind: 'add' | 'multiply', context: WriteContext): string {
  const constants = node.inputs.flatMap((value) => context.constant(value) ?? []);
  const values = node.inputs.filter((value) => !context.constant(value));
  const [first] = values;
  if (first === undefined) return cannotWrite(context, node, 'it combines constants only');
  const axes = Math.max(...values.map((value) => context.shape(value).length));
  const inputs = values.map((value) => stretched(node, value, axes, context));
  const className = kind === 'add' ? 'Add' : 'Multiply';
  const combined = inputs.length === 1 ? inputs[0]! : context.add(node, className, { inputs });
  if (constants.length === 0) return combined;
  const channels = Math.max(...values.map((value) => context.shape(value).at(-1) ?? 1));
  const all = constants
    .map((constant) => alongChannels(node, constant, channels, context))
    .reduce((left, right) =>
      left.map((value, index) => (kind === 'add' ? value + right[index]! : value * right[index]!)),
    );
  const none = new Float32Array(channels);
  const layer =
    kind === 'add'
      ? perChannel(
          none.map(() => 1),
          all,
        )
      : perChannel(all, none);
  return context.add(node, 'BatchNormalization', { ...layer, inputs: [combined] });
}

/** A vector among images gets height and width. */
function stretched(node: GraphNode, value: string, axes: number, context: WriteContext): string {
  const layer = context.layerOf(value, node.name);
  const shape = context.shape(value);
  if (shape.length === axes) return layer;
  const target = [...Array<number>(axes - shape.length).fill(1), ...shape];
  return context.add(node, 'Reshape', {
    suffix: '_stretched',
    inputs: [layer],
    config: { target_shape: target },
  });
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
