import type { Activation } from '../../../network/graph';
import { sizeOf } from '../../../network/shapes';
import { reshapedTensor } from '../layers/weights';
import { cannot } from '../onnx/context';
import type { GraphCall } from '../tfjs/graph/call';
import { emitConvolution, finished } from '../tfjs/graph/layers';
import { graphConverters, type Convert } from '../tfjs/graph/operators';
import { passOn } from '../tfjs/graph/shaping';

/** A function of each value that TensorFlow has no single operator for. */
function activation(operator: Omit<Activation, 'kind'>): Convert {
  return (call) => call.emit({ kind: 'activation', ...operator });
}

/** DEPTHWISE_CONV_2D: kernel [1, D_h, D_w, O]. */
function depthwise(call: GraphCall): string {
  const [, , channels = 0] = call.imageShape();
  const weights = call.weights(1, 'kernel');
  const { shape } = weights;
  const [first, height = 0, width = 0, outputs = 0] = shape;
  if (shape.length !== 4 || first !== 1 || outputs % channels !== 0)
    cannot(`its kernel is ${shape.join('×')}, which does not fit ${channels} channels.`);
  const kernel = reshapedTensor(weights, [height, width, 1, outputs]);
  return finished(call, emitConvolution(call, kernel, channels));
}

/** FULLY_CONNECTED; unless it keeps axes, it takes its input for a vector. */
function fullyConnected(call: GraphCall): string {
  const weights = call.weights(1, 'weights');
  if (call.node.number('weights_format', 0) !== 0)
    cannot('its weights are shuffled for one kind of processor; convert the network again.');
  if (weights.shape.length !== 2) cannot(`its weights are ${weights.shape.join('×')}, expected two axes.`);
  const shape = call.shape();
  const isVector = shape.length === 1 || call.node.flag('keep_num_dims', false);
  if (!isVector && sizeOf(shape) !== weights.shape[0])
    cannot(
      `it reads ${shape.join('×')} where its weights take ${weights.shape[0]}, which does not keep images apart.`,
    );
  const input = isVector
    ? call.data()
    : call.emit({ kind: 'flatten', order: 'hwc' }, [call.data()], 'flatten');
  return finished(call, call.emit({ kind: 'dense', weights, bias: null }, [input]));
}

function softmax(call: GraphCall): string {
  const beta = call.node.number('beta', 1);
  if (beta !== 1) cannot(`its beta is ${beta}; the studio computes softmax with 1.`);
  return call.emit({ kind: 'softmax' });
}

function localResponseNormalisation(call: GraphCall): string {
  const { node } = call;
  const size = 2 * node.number('radius', 0) + 1;
  return call.emit({
    kind: 'localResponseNormalisation',
    ...{
      size,
      alpha: node.number('alpha', 0) * size,
      beta: node.number('beta', 0),
      bias: node.number('bias', 0),
    },
  });
}

function gelu(call: GraphCall): string {
  const name = call.node.flag('approximate', false) ? 'geluTanh' : 'gelu';
  return activation({ function: name, alpha: 0, beta: 0 })(call);
}

/** What operators of files are translated to, and how the studio computes it. */
export const tfliteConverters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ...graphConverters,
  ['DepthwiseKernelFirst', depthwise],
  ['FullyConnected', fullyConnected],
  ['Softmax', softmax],
  // Its rounding follows it, as it follows whatever answers in levels.
  ['Quantise', passOn],
  ['LRN', localResponseNormalisation],
  ['Gelu', gelu],
  ['HardSwish', activation({ function: 'hardSwish', alpha: 0, beta: 0 })],
  ['ReluN1To1', activation({ function: 'clip', alpha: -1, beta: 1 })],
  ['Relu0To1', activation({ function: 'clip', alpha: 0, beta: 1 })],
]);
