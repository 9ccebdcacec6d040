import type { Random } from './random';

/**
 * A plane homography from the image's square (−1 to 1 both ways) to the world, row by row; the ninth entry is 1.
 */
export type Camera = readonly [number, number, number, number, number, number, number, number];

/** What happens to the pixels after the view is taken. */
export interface Finish {
  /** Width over which one pixel gathers light, in pixels; 1 is sharp. */
  readonly spread: number;
  /** Contrast about mid-grey. */
  readonly gain: number;
  /** Added to red, green and blue after the gain. */
  readonly cast: readonly [number, number, number];
  /** Share of pixels that are disturbed, and by how much at most. */
  readonly speckleShare: number;
  readonly speckleReach: number;
  readonly speckleSeed: number;
}

/** A random view: turn, scale, stretch, shear and perspective. */
export function randomCamera(random: Random): Camera {
  const turn = random.around(0.55);
  const scale = random.between(0.82, 1.35);
  const stretch = Math.exp(random.around(0.25));
  const shear = random.around(0.4);
  const cos = Math.cos(turn) * scale;
  const sin = Math.sin(turn) * scale;
  return [
    cos * stretch,
    (cos * shear - sin) / stretch,
    random.around(0.12),
    sin * stretch,
    (sin * shear + cos) / stretch,
    random.around(0.12),
    random.around(0.28),
    random.around(0.28),
  ];
}

/** Random blur, exposure, colour cast and speckle. */
export function randomFinish(random: Random): Finish {
  const light = random.around(35);
  const channel = (): number => light + random.around(14);
  return {
    spread: random.between(1, 2.6),
    gain: random.between(0.6, 1.15),
    cast: [channel(), channel(), channel()],
    speckleShare: random.chance(0.4) ? random.between(0, 0.03) : 0,
    speckleReach: random.between(30, 90),
    speckleSeed: random.nextUint32(),
  };
}
