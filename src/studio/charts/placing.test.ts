import { describe, expect, it } from 'vitest';
import { asides } from './placing';

describe('marks in the figure', () => {
  it('stay where they belong while there is room', () => {
    expect(
      asides([
        { x: 0, y: 0 },
        { x: 0, y: 20 },
        { x: 30, y: 0 },
      ]),
    ).toEqual([0, 0, 0]);
  });

  it('stand side by side where they would hide one another', () => {
    const same = Array.from({ length: 5 }, () => ({ x: 100, y: 50 }));
    expect(asides(same)).toEqual([0, 11, -11, 22, -22]);
  });

  it('never hide one another among many, by their distances', () => {
    const places = Array.from({ length: 24 }, (_, index) => ({ x: 90 * (index % 3), y: (index * 7) % 40 }));
    const moved = asides(places).map((aside, index) => ({
      x: places[index]!.x + aside,
      y: places[index]!.y,
    }));
    const hidden = moved.flatMap((a, first) =>
      moved.slice(first + 1).filter((b) => Math.abs(a.x - b.x) < 11 && Math.abs(a.y - b.y) < 12),
    );
    expect(hidden).toEqual([]);
  });
});
