import type { Camera, Finish } from '../render/camera';
import { Random } from '../render/random';

/** Sub-samples per pixel along each axis. */
const TAPS = 5;
const CHANNELS = 3;

/** The painted canvas: RGBA bytes of a square of `size` pixels showing the world from −reach to reach. */
export interface Painting {
  readonly rgba: Uint8ClampedArray;
  readonly size: number;
  readonly reach: number;
}

/**
 * Looks at the painting through the camera.
 * @param side the image's width and height in pixels
 * @param spread width, in pixels, over which one pixel gathers light (tent-weighted)
 * @returns planes R, G, B of side × side values each, from 0 to 255, not rounded
 */
export function takeView(painting: Painting, camera: Camera, spread: number, side: number): Float64Array {
  const planes = new Float64Array(CHANNELS * side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++)
      gatherPixel(painting, camera, spread, side, row, column, planes);
  }
  return planes;
}

function gatherPixel(
  painting: Painting,
  camera: Camera,
  spread: number,
  side: number,
  row: number,
  column: number,
  planes: Float64Array,
): void {
  let weights = 0;
  const sum = [0, 0, 0] as [number, number, number];
  for (let tapY = 0; tapY < TAPS; tapY++) {
    for (let tapX = 0; tapX < TAPS; tapX++) {
      const offsetX = (tapX + 0.5) / TAPS - 0.5;
      const offsetY = (tapY + 0.5) / TAPS - 0.5;
      const weight = (1 - Math.abs(offsetX)) * (1 - Math.abs(offsetY));
      const at = lookUp(
        painting,
        camera,
        toSquare(column, offsetX * spread, side),
        toSquare(row, offsetY * spread, side),
      );
      for (let channel = 0; channel < CHANNELS; channel++)
        sum[channel]! += weight * painting.rgba[at + channel]!;
      weights += weight;
    }
  }
  for (let channel = 0; channel < CHANNELS; channel++) {
    planes[(channel * side + row) * side + column] = sum[channel]! / weights;
  }
}

/** Pixel number and offset to the image's square from −1 to 1. */
function toSquare(pixel: number, offset: number, side: number): number {
  return ((pixel + 0.5 + offset) / side) * 2 - 1;
}

/** Index of the painting's pixel that the camera sees at (u, v); the painting's edge goes on for ever. */
function lookUp({ size, reach }: Painting, camera: Camera, u: number, v: number): number {
  const depth = camera[6] * u + camera[7] * v + 1;
  const x = (camera[0] * u + camera[1] * v + camera[2]) / depth;
  const y = (camera[3] * u + camera[4] * v + camera[5]) / depth;
  const clamp = (world: number): number =>
    Math.min(size - 1, Math.max(0, Math.floor(((world + reach) / (2 * reach)) * size)));
  return (clamp(y) * size + clamp(x)) * 4;
}

/** Contrast, colour cast, speckle, rounding: bytes with the five high bits significant (31 is repeated as 255). */
export function finishImage(planes: Float64Array, finish: Finish): Uint8Array {
  const pixels = planes.length / CHANNELS;
  const random = new Random(finish.speckleSeed);
  const bytes = new Uint8Array(planes.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const speckle = random.chance(finish.speckleShare) ? random.around(finish.speckleReach) : 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      const at = channel * pixels + pixel;
      bytes[at] = toFiveBits((planes[at]! - 128) * finish.gain + 128 + finish.cast[channel]! + speckle);
    }
  }
  return bytes;
}

/** Nearest of 32 levels spread evenly over 0 to 255: keeps the shipped files small. */
function toFiveBits(value: number): number {
  const level = Math.min(31, Math.max(0, Math.round((value * 31) / 255)));
  return (level << 3) | (level >> 2);
}
