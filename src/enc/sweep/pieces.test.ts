import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PieceSet, type MeasuredPiece } from './pieces';
import type { MeasuredPoint } from './points';

interface Seen {
  readonly divergence: number;
  readonly right: boolean;
}

const pieceOf = (seen: readonly Seen[], from: number, to: number, rank = 3): MeasuredPiece => {
  const own = seen.slice(from, to);
  const mean = own.reduce((sum, { divergence }) => sum + divergence, 0) / own.length;
  const variance = own.reduce((sum, { divergence }) => sum + (divergence - mean) ** 2, 0) / own.length;
  return {
    ...{ layer: 'a', factorisation: 'spatial', rank, basis: 'labels', from, images: own.length },
    correct: own.filter(({ right }) => right).length,
    correctUncut: own.length,
    divergence: mean,
    divergenceDeviation: Math.sqrt(variance),
  };
};

const images = fc.array(
  fc.record({ divergence: fc.double({ min: 0, max: 5, noNaN: true }), right: fc.boolean() }),
  {
    minLength: 1,
    maxLength: 40,
  },
);
/** A list of images with a cut of it, and the pieces in some order, some of them twice. */
const cutImages = images.chain((seen) =>
  fc.subarray(Array.from({ length: seen.length - 1 }, (_, index) => index + 1)).chain((cuts) => {
    const ends = [...cuts, seen.length];
    const pieces = ends.map((to, index) => pieceOf(seen, ends[index - 1] ?? 0, to));
    const shuffled = fc.shuffledSubarray([...pieces, ...pieces], {
      minLength: pieces.length,
      maxLength: 2 * pieces.length,
    });
    return fc.record({ seen: fc.constant(seen), pieces: fc.constant(pieces), some: shuffled });
  }),
);

describe('pieces', () => {
  test('are the same point in any order, told once or twice, lost and measured again', () => {
    fc.assert(
      fc.property(cutImages, ({ seen, pieces, some }) => {
        const inOrder = new PieceSet(pieces).points;
        // What is missing of a part comes later, behind what it should have come before.
        expect(new PieceSet([...some, ...pieces]).points).toEqual(inOrder);
        const whole = pieceOf(seen, 0, seen.length);
        expect(inOrder).toHaveLength(1);
        expect(inOrder[0]).toMatchObject({ images: seen.length, correct: whole.correct });
        expect(inOrder[0]!.divergence).toBeCloseTo(whole.divergence, 10);
        expect(inOrder[0]!.divergenceDeviation).toBeCloseTo(whole.divergenceDeviation, 6);
      }),
    );
  });

  test('count up to the first gap only', () => {
    fc.assert(
      fc.property(cutImages, fc.nat(), ({ pieces }, lost) => {
        const gap = lost % pieces.length;
        const { points } = new PieceSet(pieces.filter((_, index) => index !== gap));
        expect(points.map((point) => point.images)).toEqual(gap === 0 ? [] : [pieces[gap]!.from]);
      }),
    );
  });

  test('that overlap are joined along the way that reaches furthest, whatever came first', () => {
    const seen = Array.from({ length: 12 }, (_, index) => ({ divergence: index, right: index % 3 === 0 }));
    const pieces = [
      [0, 5],
      [0, 4],
      [4, 8],
      [8, 12],
    ].map(([from, to]) => pieceOf(seen, from!, to!));
    const points = new PieceSet(pieces).points;
    expect(points).toEqual(new PieceSet(pieces.toReversed()).points);
    expect(points[0]).toMatchObject({ images: 12, correct: 4 });
  });

  test('of a point are itself, and keep the measurement on most images', () => {
    const point = (images: number, divergence: number): MeasuredPoint => ({
      ...{ layer: 'a', factorisation: 'spatial', rank: 1, basis: 'labels', images },
      ...{ correct: 0, correctUncut: images, divergence, divergenceDeviation: 0 },
    });
    expect(new PieceSet([point(128, 0.5), point(64, 0.1)]).points).toEqual([point(128, 0.5)]);
    expect(new PieceSet([point(64, 0.1), point(128, 0.5)]).points).toEqual([point(128, 0.5)]);
  });
});
