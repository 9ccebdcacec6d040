import { describe, expect, it } from 'vitest';
import type { Camera, Finish } from '../render/camera';
import { finishImage, takeView } from './view';

const SIZE = 64;
const REACH = 2;
const STRAIGHT: Camera = [1, 0, 0, 0, 1, 0, 0, 0];
const PLAIN: Finish = {
  spread: 1,
  gain: 1,
  cast: [0, 0, 0],
  speckleShare: 0,
  speckleReach: 0,
  speckleSeed: 1,
};

/** A canvas whose red is 200 right of a vertical line, green is 100 everywhere, blue 0. */
function painting(line: number): { rgba: Uint8ClampedArray; size: number; reach: number } {
  const rgba = new Uint8ClampedArray(SIZE * SIZE * 4);
  for (let at = 0; at < SIZE * SIZE; at++) rgba.set([at % SIZE >= line ? 200 : 0, 100, 0, 255], at * 4);
  return { rgba, size: SIZE, reach: REACH };
}

const plane = (planes: ArrayLike<number>, channel: number, side: number): number[] =>
  Array.from(planes).slice(channel * side * side, (channel + 1) * side * side);

describe('takeView', () => {
  it('sees the middle half of the canvas, straight on', () => {
    const red = plane(takeView(painting(SIZE / 2), STRAIGHT, 1, 8), 0, 8);
    expect(red.slice(0, 8).map(Math.round)).toEqual([0, 0, 0, 0, 200, 200, 200, 200]);
  });

  it('keeps an even colour even, whatever the camera and blur', () => {
    const green = plane(takeView(painting(0), [0.9, 0.4, 0.1, -0.3, 1.1, 0, 0.2, -0.1], 2.5, 8), 1, 8);
    for (const value of green) expect(value).toBeCloseTo(100, 9);
  });

  it('turns the world with the camera', () => {
    const quarterTurn: Camera = [0, 1, 0, 1, 0, 0, 0, 0];
    const red = plane(takeView(painting(SIZE / 2), quarterTurn, 1, 8), 0, 8);
    expect(red.filter((_, at) => at % 8 === 0).map(Math.round)).toEqual([0, 0, 0, 0, 200, 200, 200, 200]);
  });

  it('mixes both sides of an edge when blurred', () => {
    const [left, right] = plane(takeView(painting(SIZE / 2), STRAIGHT, 2, 8), 0, 8).slice(3, 5);
    expect(left).toBeGreaterThan(0);
    expect(left! + right!).toBeCloseTo(200, 9);
  });
});

describe('finishImage', () => {
  it('rounds to 32 levels that reach from 0 to 255', () => {
    const values = Float64Array.from({ length: 3 * 100 }, (_, at) => at - 20);
    const bytes = finishImage(values, PLAIN);
    expect(new Set(bytes).size).toBe(32);
    expect([Math.min(...bytes), Math.max(...bytes)]).toEqual([0, 255]);
    bytes.forEach((byte, at) => {
      const wanted = Math.min(255, Math.max(0, values[at]!));
      expect(Math.abs(byte - wanted)).toBeLessThanOrEqual(5);
    });
  });

  it('disturbs about the share of pixels asked for, all channels alike', () => {
    const bytes = finishImage(new Float64Array(3 * 10_000).fill(128), {
      ...PLAIN,
      speckleShare: 0.1,
      speckleReach: 90,
    });
    const changed = (channel: number): number[] =>
      plane(bytes, channel, 100).flatMap((value, at) => (value === bytes[0] ? [] : [at]));
    expect(changed(0).length).toBeGreaterThan(700);
    expect(changed(0).length).toBeLessThan(1100);
    expect(changed(1)).toEqual(changed(0));
  });
});
