import { expect, test } from 'vitest';
import { clipGradient, freshOptimiser, moveWeights } from './optimiser';

test('the first step of Adam has the length of the rate, whatever the gradient', () => {
  const weights = Float32Array.of(1, 1, 1);
  moveWeights('adam', freshOptimiser('adam', 3), weights, Float32Array.of(3, -0.01, 40), 0.125);
  expect([...weights].map((value) => Number(value.toFixed(5)))).toEqual([0.875, 1.125, 0.875]);
});

test('under a steady gradient Adam goes on by the rate', () => {
  const weights = Float32Array.of(0);
  let state = freshOptimiser('adam', 1);
  for (let step = 0; step < 20; step++)
    state = moveWeights('adam', state, weights, Float32Array.of(0.5), 0.01);
  expect(weights[0]).toBeCloseTo(-0.2, 5);
  expect(state.steps).toBe(20);
});

test('under a steady gradient momentum adds up a geometric series', () => {
  const weights = Float32Array.of(0);
  let state = freshOptimiser('sgd', 1);
  for (let step = 0; step < 3; step++) state = moveWeights('sgd', state, weights, Float32Array.of(1), 0.1);
  // 1 + 1.9 + 2.71
  expect(weights[0]).toBeCloseTo(-0.561, 6);
});

test('gradients are clipped to their length and else left alone', () => {
  const gradient = Float32Array.of(3, 4);
  expect(clipGradient(gradient, 10)).toBe(5);
  expect([...gradient]).toEqual([3, 4]);
  expect(clipGradient(gradient, 1)).toBe(5);
  expect(Math.hypot(...gradient)).toBeCloseTo(1, 5);
});
