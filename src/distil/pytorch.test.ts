import { expect, test } from 'vitest';
import { torchTable } from '../../scripts/gradientFixtures';
import { distillationLoss } from './loss';
import { clipGradient, freshOptimiser, moveWeights } from './optimiser';

const { losses, optimisers } = torchTable();

test('losses and their gradients are PyTorch’s', () => {
  const { student, teacher, temperature, classes } = losses;
  const [images = 1, width = 1] = student.shape;
  const [own, other] = [student, teacher].map(({ data }) => Float32Array.from(data)) as [
    Float32Array,
    Float32Array,
  ];
  const divergence = distillationLoss(own, other, width, temperature, null, 0);
  expect(divergence.sum / images).toBeCloseTo(losses.divergence, 4);
  losses.divergenceGradient.forEach((value, at) =>
    expect(divergence.gradient[at]! / images).toBeCloseTo(value, 5),
  );
  const both = distillationLoss(own, other, width, temperature, classes, 0.5);
  expect((both.sum - divergence.sum) / images).toBeCloseTo(0.5 * losses.crossEntropy, 4);
  losses.crossEntropyGradient.forEach((value, at) =>
    expect((both.gradient[at]! - divergence.gradient[at]!) / images).toBeCloseTo(0.5 * value, 5),
  );
});

test.each(optimisers.paths.map(({ name, path }) => [name, path] as const))(
  '%s goes PyTorch’s way',
  (name, path) => {
    const weights = Float32Array.from(optimisers.start.flat());
    let state = freshOptimiser(name, weights.length);
    path.forEach((expected, step) => {
      const gradient = Float32Array.from(optimisers.gradients[step]!.flat());
      clipGradient(gradient, optimisers.clip);
      state = moveWeights(name, state, weights, gradient, optimisers.rates[step]!);
      expected.flat().forEach((value, at) => expect(weights[at]).toBeCloseTo(value, 5));
    });
  },
);
