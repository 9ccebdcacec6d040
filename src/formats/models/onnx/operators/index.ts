import { cannot } from '../context';
import type { NodeDraft, OnnxNode } from '../node';
import { elementTypeText, isFloatType } from '../schema';
import { activation, clip, gelu, localResponseNormalisation, parametricRelu, selu } from './activations';
import { average, combination, concatenation, extreme, inverseCombination, power } from './elementwise';
import { batchNormalisation, convolution, gemm, matrixProduct } from './layers';
import { instanceNormalisation, layerNormalisation } from './normalising';
import { pad } from './padding';
import { globalPool, pool } from './pooling';
import { dequantise, quantise } from './quantising';
import { euclideanNorm, reduction } from './reducing';
import { flatten, reshape, squeeze, transpose, unsqueeze } from './reshaping';
import { resize } from './resizing';
import { gather, slice, split } from './slicing';
import { softmax } from './softmax';

/**
 * Turns a node of the file into one of ours, or several where it writes several values; null where nothing is left
 * to compute.
 */
type Convert = (node: OnnxNode) => NodeDraft | readonly NodeDraft[] | null;

/** Operators of ONNX's own domain that the studio computes with. */
export const converters: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['Abs', activation('abs')],
  ['Add', combination('add')],
  ['AveragePool', pool('average')],
  ['BatchNormalization', batchNormalisation],
  ['Cast', cast],
  ['Clip', clip],
  ['Concat', concatenation],
  ['Conv', convolution],
  ['DequantizeLinear', dequantise],
  ['Div', inverseCombination('multiply')],
  ['Dropout', dropout],
  ['Elu', activation('elu', { alpha: 1 })],
  ['Erf', activation('erf')],
  ['Exp', activation('exp')],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Gelu', gelu],
  ['Gemm', gemm],
  ['GlobalAveragePool', globalPool('average')],
  ['GlobalMaxPool', globalPool('max')],
  ['HardSigmoid', activation('hardSigmoid', { alpha: 0.2, beta: 0.5 })],
  ['HardSwish', activation('hardSwish')],
  ['Identity', identity],
  ['InstanceNormalization', instanceNormalisation],
  ['LRN', localResponseNormalisation],
  ['LayerNormalization', layerNormalisation],
  ['LeakyRelu', activation('leakyRelu', { alpha: 0.01 })],
  ['Log', activation('log')],
  ['LogSoftmax', softmax('logSoftmax')],
  ['MatMul', matrixProduct],
  ['Max', extreme('maximum')],
  ['MaxPool', pool('max')],
  ['Mean', average],
  ['Min', extreme('minimum')],
  ['Mish', activation('mish')],
  ['Mul', combination('multiply')],
  ['Neg', activation('negate')],
  ['PRelu', parametricRelu],
  ['Pad', pad],
  ['Pow', power],
  ['QuantizeLinear', quantise],
  ['Reciprocal', activation('reciprocal')],
  ['ReduceL2', euclideanNorm],
  ['ReduceMax', reduction('max')],
  ['ReduceMean', reduction('mean')],
  ['ReduceMin', reduction('min')],
  ['ReduceSum', reduction('sum')],
  ['Relu', activation('relu')],
  ['Reshape', reshape],
  ['Resize', resize],
  ['Selu', selu],
  ['Sigmoid', activation('sigmoid')],
  ['Slice', slice],
  ['Softmax', softmax('softmax')],
  ['Softplus', activation('softplus')],
  ['Softsign', activation('softsign')],
  ['Split', split],
  ['Sqrt', activation('sqrt')],
  ['Squeeze', squeeze],
  ['Sub', inverseCombination('add')],
  ['Sum', combination('add')],
  ['Tanh', activation('tanh')],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ['Upsample', resize],
]);

function identity(node: OnnxNode): NodeDraft {
  return node.passOn({ kind: 'identity', origin: 'identity' });
}

/** A cast between floating-point types changes nothing here: everything is computed in float32. */
function cast(node: OnnxNode): NodeDraft {
  const to = node.integer('to', 0);
  return isFloatType(to) ? identity(node) : cannot(`it turns values into ${elementTypeText(to)}.`);
}

function dropout(node: OnnxNode): NodeDraft {
  if (node.opset < 7 && node.integer('is_test', 1) === 0)
    cannot('it is in training mode; export the network for inference.');
  const training = node.inputName(2) === null ? [0] : node.integersAt(2, 'training mode');
  if (training?.[0] !== 0) cannot('it is in training mode; export the network for inference.');
  if (node.context.isUsed(node.proto.outputs[1])) cannot('its mask is used.');
  return node.passOn({ kind: 'identity', origin: 'dropout' });
}
