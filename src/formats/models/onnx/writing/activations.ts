import type { Activation, GraphNode, LocalResponseNormalisation } from '../../../../network/graph';
import type { Attributes, WriteContext } from './context';

const names = {
  relu: 'Relu',
  leakyRelu: 'LeakyRelu',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  hardSigmoid: 'HardSigmoid',
  tanh: 'Tanh',
  softplus: 'Softplus',
} as const;

/** Operator set that has HardSwish. */
const hardSwishSince = 14;

export function writeActivation(node: GraphNode, operator: Activation, context: WriteContext): void {
  const { function: name, alpha, beta } = operator;
  switch (name) {
    case 'relu6':
      writeRelu6(node, context);
      return;
    case 'swish':
      writeGated(node, 'Sigmoid', {}, context);
      return;
    case 'hardSwish':
      if (context.opset >= hardSwishSince) context.node(node, 'HardSwish');
      else writeGated(node, 'HardSigmoid', { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }, context);
      return;
    case 'leakyRelu':
    case 'elu':
      context.node(node, names[name], { attributes: { alpha: { float: alpha } } });
      return;
    case 'hardSigmoid':
      context.node(node, names[name], { attributes: { alpha: { float: alpha }, beta: { float: beta } } });
      return;
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softplus':
      context.node(node, names[name]);
      return;
    default:
      name satisfies never;
  }
}

/** Clip from 0 to 6; its bounds are attributes before operator set 11 and inputs since. */
function writeRelu6(node: GraphNode, context: WriteContext): void {
  if (context.opset < 11) {
    context.node(node, 'Clip', { attributes: { min: { float: 0 }, max: { float: 6 } } });
    return;
  }
  const low = context.floats(node, 'min', [], Float32Array.of(0));
  const high = context.floats(node, 'max', [], Float32Array.of(6));
  context.node(node, 'Clip', { inputs: [...node.inputs, low, high] });
}

/** x · gate(x). */
function writeGated(node: GraphNode, gate: string, attributes: Attributes, context: WriteContext): void {
  const opened = context.helper(node, 'gate', gate, node.inputs, attributes);
  context.node(node, 'Mul', { inputs: [...node.inputs, opened] });
}

/** Softmax over channels; before operator set 13 on vectors and 1×1 images only (see `neededOpset`). */
export function writeSoftmax(node: GraphNode, context: WriteContext): void {
  context.node(node, 'Softmax', { attributes: { axis: { integer: 1 } } });
}

export function writeLrn(node: GraphNode, operator: LocalResponseNormalisation, context: WriteContext): void {
  const { size, alpha, beta, bias } = operator;
  const attributes = {
    size: { integer: size },
    alpha: { float: alpha },
    beta: { float: beta },
    bias: { float: bias },
  };
  context.node(node, 'LRN', { attributes });
}
