import type { Activation, GraphNode } from '../../../../network/graph';
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
    case 'mish':
    case 'softsign':
    case 'gelu':
      return context.add(node, 'Activation', { config: { activation: name } });
    case 'selu':
      return writeSelu(node, context, alpha, beta);
    case 'geluTanh':
      return geluByTanh(node, context);
    case 'clip':
      return clip(node, context, alpha, beta);
    case 'exp':
      if (context.dialect === 'tfjs') return cannotWrite(context, node, 'there is no layer for exp');
      return context.add(node, 'Activation', { config: { activation: 'exponential' } });
    case 'square':
      return context.add(node, 'Multiply', {
        inputs: [...context.inputsOf(node), ...context.inputsOf(node)],
      });
    case 'abs':
      return context.add(node, 'Maximum', {
        inputs: [...context.inputsOf(node), affine(node, context, -1, 0, { suffix: '_negative' })],
      });
    case 'negate':
      return affine(node, context, -1, 0);
    case 'erf':
    case 'log':
    case 'sqrt':
    case 'reciprocal':
      return cannotWrite(context, node, `there is no layer for ${name}`);
    default:
      return name satisfies never;
  }
}

interface Place {
  readonly inputs?: readonly string[];
  readonly suffix?: string;
}

/** x · factor + summand, the same for all channels. */
function affine(
  node: GraphNode,
  context: WriteContext,
  factor: number,
  summand: number,
  place: Place = {},
): string {
  const channels = context.shape(node.inputs[0]!).at(-1)!;
  const fill = (value: number) => new Float32Array(channels).fill(value);
  return context.add(node, 'BatchNormalization', { ...perChannel(fill(factor), fill(summand)), ...place });
}

/** alpha · elu(x) + (1 − alpha) · relu(x): TF.js has an ELU of alpha 1 only. */
function scaledElu(node: GraphNode, context: WriteContext, alpha: number, suffix = ''): string {
  const scaled = (input: string, factor: number, part: string) =>
    affine(node, context, factor, 0, { inputs: [input], suffix: suffix + part });
  const unit = context.add(node, 'ELU', { config: { alpha: 1 }, suffix: `${suffix}_unit` });
  const positive = rectify(node, context, null, { suffix: `${suffix}_positive` });
  const inputs = [scaled(unit, alpha, '_unit_scaled'), scaled(positive, 1 - alpha, '_positive_scaled')];
  return context.add(node, 'Add', { inputs, suffix });
}

/** The numbers that SELU has everywhere; with others it is a scaled ELU. */
const selu = { alpha: 1.6732632423543772, beta: 1.0507009873554805 };

function writeSelu(node: GraphNode, context: WriteContext, alpha: number, beta: number): string {
  const isUsual = Math.abs(alpha - selu.alpha) < 1e-6 && Math.abs(beta - selu.beta) < 1e-6;
  if (isUsual) return context.add(node, 'Activation', { config: { activation: 'selu' } });
  const elu =
    context.dialect === 'tfjs'
      ? scaledElu(node, context, alpha, '_elu')
      : context.add(node, 'ELU', { config: { alpha }, suffix: '_elu' });
  return affine(node, context, beta, 0, { inputs: [elu] });
}

/** x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 x³))): what is computed where the error function is too slow. */
function geluByTanh(node: GraphNode, context: WriteContext): string {
  const [x] = context.inputsOf(node) as [string];
  const cube = context.add(node, 'Multiply', { inputs: [x, x, x], suffix: '_cube' });
  const small = affine(node, context, 0.044715, 0, { inputs: [cube], suffix: '_cube_scaled' });
  const sum = context.add(node, 'Add', { inputs: [x, small], suffix: '_sum' });
  const inner = affine(node, context, Math.sqrt(2 / Math.PI), 0, { inputs: [sum], suffix: '_sum_scaled' });
  const config = { activation: 'tanh' };
  const bent = context.add(node, 'Activation', { inputs: [inner], config, suffix: '_tanh' });
  const gate = affine(node, context, 0.5, 0.5, { inputs: [bent], suffix: '_gate' });
  return context.add(node, 'Multiply', { inputs: [x, gate] });
}

/** A bound beyond this is none: float32 ends there. */
const unbounded = 3e38;

/** Bounds by ReLUs: max(x, a) = a + relu(x − a), min(x, b) = b − relu(b − x). */
function clip(node: GraphNode, context: WriteContext, least: number, greatest: number): string {
  if (least === 0) return rectify(node, context, greatest > unbounded ? null : greatest);
  if (least < -unbounded) return bounded(node, context, 'minimum', greatest);
  if (greatest > unbounded) return bounded(node, context, 'maximum', least);
  const shifted = affine(node, context, 1, -least, { suffix: '_shifted' });
  const cut = rectify(node, context, greatest - least, { inputs: [shifted], suffix: '_cut' });
  return affine(node, context, 1, least, { inputs: [cut] });
}

function bounded(node: GraphNode, context: WriteContext, name: 'maximum' | 'minimum', bound: number): string {
  const sign = name === 'maximum' ? 1 : -1;
  const shifted = affine(node, context, sign, -sign * bound, { suffix: '_shifted' });
  const cut = rectify(node, context, null, { inputs: [shifted], suffix: '_cut' });
  return affine(node, context, sign, bound, { inputs: [cut] });
}

function rectify(node: GraphNode, context: WriteContext, greatest: number | null, more: Place = {}): string {
  const slope = context.dialect === 'tfjs' ? {} : { negative_slope: 0, threshold: 0 };
  return context.add(node, 'ReLU', { config: { max_value: greatest, ...slope }, ...more });
}

/** max(0, min(1, alpha·x + beta)): what "hard_sigmoid" means differs between Keras 2 and 3. */
function gate(node: GraphNode, context: WriteContext, alpha: number, beta: number, suffix: string): string {
  const inner = affine(node, context, alpha, beta, { suffix: `${suffix}_scaled` });
  return rectify(node, context, 1, { inputs: [inner], suffix });
}
