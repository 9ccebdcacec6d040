import { describe, expect, it } from 'vitest';
import { chunksOf, type Chunk } from './chunks';

/** Images that the busiest thread has done when each chunk went to the thread that was free first. */
function busiest(chunks: readonly Chunk[], threads: number): number {
  const done = Array.from({ length: threads }, () => 0);
  for (const { from, to } of chunks) {
    const first = done.indexOf(Math.min(...done));
    done[first]! += to - from;
  }
  return Math.max(...done);
}

describe('chunks of a list', () => {
  it('hold every position once, in order', () => {
    for (const threads of [1, 2, 3, 16])
      for (let count = 0; count <= 130; count++) {
        const positions = chunksOf(count, threads).flatMap(({ from, to }) =>
          Array.from({ length: to - from }, (_, index) => from + index),
        );
        expect(positions).toEqual(Array.from({ length: count }, (_, index) => index));
      }
  });

  it('keep all threads busy, however few images there are', () => {
    for (const threads of [2, 3, 4, 8, 16])
      for (let count = 1; count <= 600; count++) {
        const slowest = busiest(chunksOf(count, threads), threads);
        // One chunk more than its share, at most, and a chunk is a quarter of a share, or four images.
        const share = count / threads;
        expect(slowest).toBeLessThan(share + Math.max(4, share / 4 + 4));
      }
    expect(busiest(chunksOf(24, 2), 2)).toBe(12);
    expect(busiest(chunksOf(16, 16), 16)).toBe(1);
  });

  it('are not more than are needed', () => {
    expect(chunksOf(2000, 1)).toEqual([{ from: 0, to: 2000 }]);
    expect(chunksOf(2000, 2)).toHaveLength(8);
    expect(chunksOf(24, 2).every(({ from, to }) => to - from === 4)).toBe(true);
  });
});
