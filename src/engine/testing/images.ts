import type { ImageSet, Preprocessing } from '../../network/images';
import { seededNumbers } from '../../network/testing/builders';

/** Images of random bytes with random labels below 10. */
export function noiseImages(count: number, height: number, width: number, channels = 3, seed = 1): ImageSet {
  const numbers = seededNumbers(seed);
  const byte = () => numbers.whole(0, 255);
  return {
    name: 'noise',
    count,
    height,
    width,
    channels,
    pixels: Uint8Array.from({ length: count * height * width * channels }, byte),
    labels: Int32Array.from({ length: count }, () => numbers.whole(0, 9)),
    classNames: null,
  };
}

/** Pixels to about −1 … 1, RGB. */
export const centredRgb: Preprocessing = { channels: 'rgb', mean: [128], scale: [1 / 128] };
