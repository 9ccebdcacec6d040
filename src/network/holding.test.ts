import { describe, expect, it } from 'vitest';
import type { Network, Operator, Tensor } from './graph';
import { holdingOf } from './holding';
import { asHalves, asSigned } from './stored';
import { chainOf, randomDense, seededNumbers } from './testing/builders';

const numbers = seededNumbers(2);
const rounding: Operator = { kind: 'quantise', type: 'uint8', scale: 0.1, zeroPoint: 7 };

/** Dense layers of 12 and of 60 numbers, each held in a form. */
function network(forms: readonly ((tensor: Tensor) => Tensor)[], before: readonly Operator[] = []): Network {
  const layers = [randomDense(numbers, 3, 4), randomDense(numbers, 4, 15)];
  const held = layers.map((layer, index) => ({ ...layer, weights: forms[index]!(layer.weights) }));
  return chainOf([3], [...before, ...held]);
}

const plain = (tensor: Tensor) => tensor;
const halves = (tensor: Tensor) => asHalves(tensor)!;
const signed = (tensor: Tensor) => asSigned(tensor);

describe('how a network is held', () => {
  it.each([
    ['float32 all through', network([plain, plain]), 'float32', 'float32'],
    ['what most numbers are in', network([plain, halves]), 'float16', 'float32'],
    ['not what few are in', network([halves, plain]), 'float32', 'float32'],
    ['int8 weights', network([signed, signed]), 'int8', 'float32'],
    ['levels between layers', network([signed, signed], [rounding]), 'int8', 'int8'],
    ['levels alone', network([plain, plain], [rounding]), 'float32', 'float32'],
  ] as const)('is %s', (_, given, weights, activations) => {
    expect(holdingOf(given)).toEqual({ weights, activations });
  });
});
