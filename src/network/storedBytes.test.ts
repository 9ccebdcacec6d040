import { expect, it } from 'vitest';
import { chainOf, nodeOf, randomConvolution, randomDense, seededNumbers, square } from './testing/builders';
import { asHalves, asSigned } from './stored';
import { storedBytes } from './storedBytes';

const numbers = seededNumbers(4);
const convolution = randomConvolution(numbers, { kernel: square(3), inputs: 2, outputs: 5 });
const dense = randomDense(numbers, 20, 3);

it('counts kernels as they are stored, their scales, and all else as float32', () => {
  const plain = chainOf([4, 4, 2], [convolution, { kind: 'flatten', order: 'hwc' }, dense]);
  expect(storedBytes(plain)).toBe(4 * (90 + 5 + 60 + 3));
  const small = chainOf(
    [4, 4, 2],
    [
      { ...convolution, kernel: asSigned(convolution.kernel) },
      { kind: 'flatten', order: 'hwc' },
      { ...dense, weights: asHalves(dense.weights)! },
    ],
  );
  expect(storedBytes(small)).toBe(90 + 4 * 5 + 1 + 4 * 5 + 2 * 60 + 4 * 3);
});

it('counts what several layers share once', () => {
  const plain = chainOf([2, 2, 20], [dense]);
  const twice = { ...plain, nodes: [...plain.nodes, nodeOf('again', ['image'], dense)] };
  expect(storedBytes(twice)).toBe(storedBytes(plain));
});
