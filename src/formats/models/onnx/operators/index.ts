import { cannot } from '../context';
import type { NodeDraft, OnnxNode } from '../node';
import { elementTypeText, isFloatType } from '../schema';
import { activation, clip, localResponseNormalisation, parametricRelu, softmax } from './activations';
import { combination, concatenation, inverseCombination } from './elementwise';
import { batchNormalisation, convolution, gemm, matrixProduct } from './layers';
import { globalPool, pad, pool, reduceSpatial } from './pooling';
import { flatten, reshape, squeeze, transpose, unsqueeze } from './reshaping';

/** Turns a node of the file into one of ours; null where nothing is left to compute. */
type Convert = (node: OnnxNode) => NodeDraft | null;

/** Operators of ONNX's own domain that the studio computes with. */
export const converters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['Add', combination('add')],
  ['AveragePool', pool('average')],
  ['BatchNormalization', batchNormalisation],
  ['Cast', cast],
  ['Clip', clip],
  ['Concat', concatenation],
  ['Conv', convolution],
  ['Div', inverseCombination('multiply')],
  ['Dropout', dropout],
  ['Elu', activation('elu', { alpha: 1 })],
  ['Flatten', flatten],
  ['Gemm', gemm],
  ['GlobalAveragePool', globalPool('average')],
  ['GlobalMaxPool', globalPool('max')],
  ['HardSigmoid', activation('hardSigmoid', { alpha: 0.2, beta: 0.5 })],
  ['HardSwish', activation('hardSwish')],
  ['Identity', identity],
  ['LRN', localResponseNormalisation],
  ['LeakyRelu', activation('leakyRelu', { alpha: 0.01 })],
  ['MatMul', matrixProduct],
  ['MaxPool', pool('max')],
  ['Mul', combination('multiply')],
  ['PRelu', parametricRelu],
  ['Pad', pad],
  ['ReduceMax', reduceSpatial('max')],
  ['ReduceMean', reduceSpatial('average')],
  ['Relu', activation('relu')],
  ['Reshape', reshape],
  ['Sigmoid', activation('sigmoid')],
  ['Softmax', softmax],
  ['Softplus', activation('softplus')],
  ['Squeeze', squeeze],
  ['Sub', inverseCombination('add')],
  ['Sum', combination('add')],
  ['Tanh', activation('tanh')],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
]);

function identity(node: OnnxNode): NodeDraft {
  return node.draft({ kind: 'identity', origin: 'identity' });
}

/** A cast between floating-point types changes nothing here: everything is computed in float32. */
function cast(node: OnnxNode): NodeDraft {
  const to = node.integer('to', 0);
  return isFloatType(to) ? identity(node) : cannot(`it turns values into ${elementTypeText(to)}.`);
}

function dropout(node: OnnxNode): NodeDraft {
  const training = node.inputName(2) === null ? [0] : node.integersAt(2, 'training mode');
  if (training?.[0] !== 0) cannot('it is in training mode; export the network for inference.');
  if (node.context.isUsed(node.proto.outputs[1])) cannot('its mask is used.');
  return node.draft({ kind: 'identity', origin: 'dropout' });
}
