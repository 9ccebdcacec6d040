import type { MeasuredPoint } from '../../enc/sweep/points';

/** A point of a sweep on 100 images, 80 right where the original has 90, of a layer whose r_max is 3. */
export const point = (layer: string, rank: number, divergence: number): MeasuredPoint => ({
  layer,
  factorisation: 'spatial',
  rank,
  images: 100,
  basis: 'labels',
  correct: 80,
  correctUncut: 90,
  divergence,
  divergenceDeviation: 1,
});

/** The fewest points that a layer's curve can be drawn from: rank 1 and r_max. */
export const ends = (layer: string) => [point(layer, 1, 0.1), point(layer, 3, 0.001)];
