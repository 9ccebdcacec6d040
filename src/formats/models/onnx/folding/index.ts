import type { OnnxNode } from '../node';
import { constantOf, countOf, filled, type Constant, type Dimension, type IntegerConstant } from '../tensors';
import { foldFloats } from './floats';
import { foldIntegers, integers, maxIntegers } from './integers';
import { foldLevels, quantising } from './levels';

/**
 * Computes, while reading, the nodes that work on known values only: Constant, ConstantOfShape, and the
 * arithmetic of shapes that exporters leave before a Reshape. The batch's extent stays a symbol.
 *
 * @returns the value, or null where the node must be computed while running
 */
export function foldConstant(node: OnnxNode): Constant | null {
  switch (node.proto.operator) {
    case 'Constant':
      return constantNode(node);
    case 'ConstantOfShape':
      return constantOfShape(node);
    case 'Shape':
      return shapeOf(node);
    case undefined:
    default:
      return foldKnown(node);
  }
}

function constantNode(node: OnnxNode): Constant | null {
  const tensor = node.tensor('value');
  if (tensor)
    return constantOf(tensor, `Constant node "${node.proto.name || node.output}"`, node.context.external);
  if (node.has('value_float')) return filled([], node.float('value_float', 0));
  if (node.has('value_int')) return integers([node.integer('value_int', 0)], []);
  const floats = node.floats('value_floats');
  if (floats) return { kind: 'floats', dims: [floats.length], fill: null, values: () => floats.slice() };
  const list = node.integers('value_ints');
  return list ? integers(list) : null;
}

function constantOfShape(node: OnnxNode): Constant | null {
  const shape = node.constant(0);
  if (shape?.kind !== 'integers') return null;
  const dims = shape.elements.filter((extent) => extent !== 'batch' && extent >= 0) as number[];
  if (dims.length < shape.elements.length) return null;
  const tensor = node.tensor('value');
  const value = tensor
    ? constantOf(tensor, `ConstantOfShape node "${node.proto.name || node.output}"`, node.context.external)
    : filled([], 0);
  if (countOf(value.dims) !== 1) return null;
  if (value.kind === 'floats') return filled(dims, value.values()[0]!);
  const [element] = value.kind === 'integers' ? value.elements : [];
  return element === undefined || dims.length > 1 || countOf(dims) > maxIntegers
    ? null
    : integers(new Array<Dimension>(countOf(dims)).fill(element));
}

function shapeOf(node: OnnxNode): Constant | null {
  const name = node.inputName(0);
  if (name === null) return null;
  const known = node.context.constants.get(name);
  const dims = known?.dims ?? node.context.onnxShape(name);
  if (!dims) return null;
  const end = node.has('end') ? node.integer('end', 0) : dims.length;
  return integers(dims.slice(node.integer('start', 0), end));
}

function foldKnown(node: OnnxNode): Constant | null {
  const names = node.proto.inputs.filter((name) => name !== '');
  const inputs = names.map((name) => node.context.constants.get(name));
  const [first] = inputs;
  if (!first || !inputs.every((input) => input !== undefined)) return null;
  if (node.proto.operator === 'Identity') return first;
  if (quantising.has(node.proto.operator ?? '')) return foldLevels(node, inputs as Constant[]);
  if (first.kind === 'floats') return foldFloats(node, [first, ...(inputs.slice(1) as Constant[])]);
  if (first.kind !== 'integers' || !inputs.every((input) => input.kind === 'integers')) return null;
  return foldIntegers(node, inputs as IntegerConstant[]);
}
