import * as tf from '@tensorflow/tfjs-core';
import { fail } from '../../network/failure';
import type { BatchNorm, Conv2d, Dense, Operator } from '../../network/graph';
import { unsupportedText } from '../../network/shapes';
import type { NodeGroup } from '../fusion';
import { compileActivation } from './activation';
import { compileBatchNorm } from './batchNorm';
import { compileConv2d, compileConv2dAndSum } from './conv2d';
import { compileDense } from './dense';
import { compileDynamicLayer, compileDynamicQuantise, dynamicLayer } from './dynamicQuantise';
import { combinations, compileElementwise } from './elementwise';
import { compileGlobalPool } from './globalPool';
import { unaryKernel, type Kernel } from './kernel';
import { compileConcat, compileConstant, compileFlatten, compilePad, compileReshape } from './layout';
import { compileLevelled, levelledLayer } from './levelled';
import { compileLocalResponse } from './localResponse';
import { compileMatrixProduct } from './matrixProduct';
import { compileParametricRelu } from './parametricRelu';
import { compilePool } from './pool';
import { compileCombined, compileQuantise } from './quantise';
import { compileGather, compileReduce, compileSlice, compileTranspose } from './rearranging';
import { compileResize } from './resize';

/**
 * Uploads the weights of a group of nodes and prepares its computation.
 *
 * @throws FailureError 'unsupported-operator' where the group is a node that cannot be computed
 */
export function compileGroup(group: NodeGroup): Kernel {
  const { first, head, shape, norm, addend, activation, rounding } = group;
  const { operator } = head;
  const dynamic = dynamicLayer(group);
  if (dynamic) return compileDynamicLayer(dynamic);
  const levelled = first === null && norm === null ? levelledLayer(group) : null;
  if (levelled) return compileLevelled(levelled);
  if (operator.kind === 'conv2d') {
    const group = { first, last: operator, norm, activation, shape };
    return addend === null ? compileConv2d(group) : compileConv2dAndSum(group);
  }
  if (operator.kind === 'dense') return compileDense(operator, norm, activation);
  if (operator.kind === 'batchNorm') return compileBatchNorm(operator, activation);
  const single = compileOperator(head.name, operator);
  return rounding ? compileCombined(single, rounding) : single;
}

/**
 * Compiles an operator that takes no others in.
 *
 * @param name of its node
 * @throws FailureError 'unsupported-operator' where it cannot be computed
 */
export function compileOperator(
  name: string,
  operator: Exclude<Operator, Conv2d | Dense | BatchNorm>,
): Kernel {
  switch (operator.kind) {
    case 'activation':
      return compileActivation(operator);
    case 'pool':
      return compilePool(operator);
    case 'globalPool':
      return compileGlobalPool(operator);
    case 'add':
      return compileElementwise((a, b) => tf.add(a, b));
    case 'multiply':
      return compileElementwise((a, b) => tf.mul(a, b));
    case 'elementwise':
      return compileElementwise(combinations[operator.function]);
    case 'parametricRelu':
      return compileParametricRelu(operator);
    case 'matrixProduct':
      return compileMatrixProduct();
    case 'transpose':
      return compileTranspose(operator);
    case 'slice':
      return compileSlice(operator);
    case 'gather':
      return compileGather(operator);
    case 'resize':
      return compileResize(operator);
    case 'reduce':
      return compileReduce(operator);
    case 'concat':
      return compileConcat(operator);
    case 'pad':
      return compilePad(operator);
    case 'flatten':
      return compileFlatten(operator);
    case 'reshape':
      return compileReshape(operator);
    case 'softmax':
      return unaryKernel((x) => tf.softmax(x));
    case 'logSoftmax':
      return unaryKernel((x) => tf.logSoftmax(x));
    case 'localResponseNormalisation':
      return compileLocalResponse(operator);
    case 'identity':
      return unaryKernel((x) => x.clone());
    case 'quantise':
      return compileQuantise(operator);
    case 'dynamicQuantise':
      return compileDynamicQuantise(operator);
    case 'constant':
      return compileConstant(operator);
    case 'unsupported':
      return fail('unsupported-operator', unsupportedText(name, operator));
    default:
      return operator satisfies never;
  }
}
