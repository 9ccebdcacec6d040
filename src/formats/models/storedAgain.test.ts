import { describe, expect, it } from 'vitest';
import type { Network, Operator, Tensor } from '../../network/graph';
import { layerNodes } from '../../network/layerNodes';
import { kernelOf } from '../../network/sharing';
import { asHalves, asSigned, asUnsigned } from '../../network/stored';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../network/testing/builders';
import { readNetwork, writeNetwork } from '.';
import type { WeightForm } from './writer';
import { writers } from './writers';

const forms: Readonly<Record<WeightForm, (tensor: Tensor) => Tensor>> = {
  float16: (tensor) => asHalves(tensor)!,
  int8: (tensor) => asSigned(tensor),
  uint8: (tensor) => asUnsigned(tensor, 'uint8'),
  uint16: (tensor) => asUnsigned(tensor, 'uint16'),
};

/** A convolution, a depthwise one and a dense layer with weights in a form. */
function network(form: WeightForm): Network {
  const numbers = seededNumbers(3);
  const same = { kernel: square(3), padding: evenPadding(1) } as const;
  const operators: readonly Operator[] = [
    randomConvolution(numbers, { ...same, inputs: 3, outputs: 6 }),
    randomConvolution(numbers, { ...same, inputs: 6, outputs: 12, groups: 6 }),
    { kind: 'flatten', order: 'hwc' },
    randomDense(numbers, 5 * 4 * 12, 3),
  ];
  const stored = (operator: Operator): Operator => {
    if (operator.kind === 'conv2d') return { ...operator, kernel: forms[form](operator.kernel) };
    return operator.kind === 'dense' ? { ...operator, weights: forms[form](operator.weights) } : operator;
  };
  return chainOf([5, 4, 3], operators.map(stored));
}

const pairs = writers.all.flatMap(({ id, weights = [] }) => weights.map((form) => [id, form] as const));

describe('weights in fewer bits', () => {
  it.each(pairs)('as %s hold %s when they are read again, to the bit', async (id, form) => {
    const given = network(form);
    const again = await readNetwork(await writeNetwork(given, id));
    const kernels = layerNodes(given).map(kernelOf);
    layerNodes(again).forEach((node, index) => {
      const { data, stored } = kernelOf(node);
      expect(data).toEqual(kernels[index]!.data);
      expect(stored).toEqual(kernels[index]!.stored);
    });
    expect(layerNodes(again)).toHaveLength(3);
  });
});
