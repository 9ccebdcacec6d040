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

test('Muon moves a matrix by as much in every direction, whatever the gradient, and the rest as Adam does', () => {
  // A gradient of singular values 100 and 1, along the axes, between two single weights.
  const gradient = () => Float32Array.of(-2, 100, 0, 0, 1, 5);
  const weights = new Float32Array(6);
  const places = [{ offset: 1, rows: 2, columns: 2 }];
  moveWeights('muon', freshOptimiser('muon', 6), weights, gradient(), 0.1, places);
  const size = 0.1 * 0.2 * Math.sqrt(2);
  for (const at of [1, 4]) {
    expect(weights[at]).toBeLessThan(-0.65 * size);
    expect(weights[at]).toBeGreaterThan(-1.25 * size);
  }
  expect(weights[2]).toBeCloseTo(0, 9);
  const single = new Float32Array(6);
  moveWeights('adam', freshOptimiser('adam', 6), single, gradient(), 0.1);
  expect([weights[0], weights[5]]).toEqual([single[0], single[5]]);
});

test('without matrices Muon is Adam, step by step', () => {
  const [own, theirs] = [Float32Array.of(1, -1), Float32Array.of(1, -1)];
  let states = [freshOptimiser('muon', 2), freshOptimiser('adam', 2)] as const;
  for (let step = 0; step < 5; step++) {
    const gradient = () => Float32Array.of(0.5 - step, 0.25 * step);
    states = [
      moveWeights('muon', states[0], own, gradient(), 0.1),
      moveWeights('adam', states[1], theirs, gradient(), 0.1),
    ];
  }
  expect(own).toEqual(theirs);
  expect(states[0]).toEqual(states[1]);
});
