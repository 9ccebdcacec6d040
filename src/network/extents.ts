import type { Shape } from './graph';

/** Number of values of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A shape for a person: "32×32×3". */
export function shapeText(shape: Shape): string {
  return shape.length === 0 ? 'a single number' : shape.join('×');
}

/** Whether counting the channels of an image first or last comes to the same. */
export function isOrderless(shape: Shape): boolean {
  return shape.length !== 3 || shape[2] === 1 || shape[0] * shape[1] === 1;
}
