import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRangeChoice, parseRange, rangeText } from '../../network/reading';
import { withinRange } from './pixelRange';

const array = (values: ArrayLike<number>, type = 'f4') => ({
  ...{ name: 'x.npy', type, shape: [values.length] },
  values: type === 'u1' ? Uint8Array.from(values) : Float64Array.from(values),
});
const rangeOf = (values: ArrayLike<number>, type?: string) =>
  rangeText(withinRange(array(values, type)).note.range);

const side = 24;
/** Pictures from 0 to 1, as rows of values: what people have arrays of. */
const kinds: Readonly<Record<string, (random: () => number) => number[]>> = {
  photograph: (random) => smooth(Array.from({ length: side * side }, () => random())),
  noise: (random) => Array.from({ length: side * side }, () => random()),
  drawing: (random) => blocks(() => (random() < 0.2 ? 1 : 0)),
  'black on white': (random) => blocks(() => (random() < 0.15 ? 0 : 1)),
  greys: (random) => blocks(() => Math.round(random() * 4) / 4),
};

/** Blocks of 4×4 pixels. */
function blocks(value: () => number): number[] {
  const cells = Array.from({ length: 36 }, value);
  // Both ends occur in a set of images.
  cells[0] = 0;
  cells[35] = 1;
  return Array.from(
    { length: side * side },
    (_, at) => cells[6 * Math.floor(at / side / 4) + Math.floor((at % side) / 4)]!,
  );
}

/** Means of neighbours, spread from 0 to 1. */
function smooth(values: readonly number[]): number[] {
  const means = values.map((_, at) => (values[at]! + (values[at + 1] ?? 0) + (values[at + side] ?? 0)) / 3);
  const [min, max] = [Math.min(...means), Math.max(...means)];
  return means.map((value) => (value - min) / (max - min));
}

/** Half as large again by cubic convolution (Keys, a = −1/2), which overshoots at every edge; rows, then columns. */
function enlarged(values: readonly number[]): number[] {
  const size = (side * 3) / 2;
  const weight = (distance: number) => {
    const d = Math.abs(distance);
    if (d >= 2) return 0;
    return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
  };
  const taps = Array.from({ length: size }, (_, to) => {
    const centre = (to + 0.5) / 1.5 - 0.5;
    const from = Math.floor(centre) - 1;
    return Array.from({ length: 4 }, (_unused, tap) => ({
      at: Math.min(side - 1, Math.max(0, from + tap)),
      weight: weight(centre - from - tap),
    }));
  });
  return taps.flatMap((rows) =>
    taps.map((columns) =>
      rows.reduce(
        (sum, row) =>
          sum +
          row.weight *
            columns.reduce((inner, column) => inner + column.weight * values[row.at * side + column.at]!, 0),
        0,
      ),
    ),
  );
}

const anyPictures = fc
  .tuple(fc.constantFrom(...Object.keys(kinds)), fc.integer({ min: 1, max: 1e9 }), fc.boolean())
  .map(([kind, seed, isResampled]) => {
    let state = seed;
    const random = () => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const pictures = Array.from({ length: 4 }, () => kinds[kind]!(random));
    const values = pictures.flatMap((picture) => (isResampled ? enlarged(picture) : picture));
    // Where a property fails, its seed says more than the numbers.
    return { values, [fc.toStringMethod]: () => JSON.stringify({ kind, seed, isResampled }) };
  });

describe('the range of pixels', () => {
  it('is that of the images whatever they show and however far resampling overshot', () => {
    const ranges = [
      [0, 1],
      [0, 255],
      [-1, 1],
      [0, 65_535],
    ] as const;
    fc.assert(
      fc.property(anyPictures, fc.constantFrom(...ranges), ({ values }, [from, to]) => {
        const stored = values.map((value) => from + value * (to - from));
        // A picture of nothing but −1 and 1 is whole numbers, and says as little as it looks.
        fc.pre(from === 0 || !stored.every(Number.isInteger));
        // One of nothing but 0 and 1 is the same in any range.
        expect(rangeOf(stored)).toBe(`${from}..${to}`);
        const bytes = withinRange(array(stored)).values;
        const errors = values.map((value, at) =>
          Math.abs(bytes[at]! - Math.min(255, Math.max(0, 255 * value))),
        );
        expect(Math.max(...errors)).toBeLessThan(0.501);
      }),
      { numRuns: 300 },
    );
  });

  it('is left to the network where images were standardised or shifted before they were saved', () => {
    fc.assert(
      fc.property(
        anyPictures,
        fc.constantFrom([0.4, 0.25], [0.1307, 0.3081], [0.5, 1], [0.485, 0.225]),
        ({ values }, [mean, deviation]) => {
          const stored = values.map((value) => (value - mean!) / deviation!);
          const { values: read, note } = withinRange(array(stored));
          expect(note.range).toBe('as-is');
          expect(Buffer.from(read.buffer).equals(Buffer.from(Float32Array.from(stored).buffer))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('ends at 255 for dark images of whole numbers, and for a black sky with few stars', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 50 }), (dark) => {
        for (const type of ['u1', 'i8', 'f4']) expect(rangeOf([...dark, 2], type)).toBe('0..255');
      }),
    );
    const sky = Array.from({ length: 10_000 }, (_, at) => (at % 2500 === 7 ? 231.4 : at % 7 === 0 ? 1 : 0));
    expect(rangeOf(sky)).toBe('0..255');
    expect(rangeOf(sky.map((value) => value / 255))).toBe('0..1');
  });

  it('of integers follows the bits that their camera gave', () => {
    const ramp = (greatest: number) =>
      Array.from({ length: 500 }, (_, at) => Math.round((at / 499) * greatest));
    for (const greatest of [255, 1023, 4095, 16_383, 65_535])
      expect(rangeOf(ramp(greatest), 'u2')).toBe(`0..${greatest}`);
    expect(
      rangeOf(
        ramp(255).map((value) => value - 128),
        'i1',
      ),
    ).toBe('-128..127');
    expect(
      rangeOf(
        ramp(4000).map((value) => value - 1000),
        'i2',
      ),
    ).toBe('as-is');
  });

  it('is black and white for booleans and for nothing but 0 and 1', () => {
    for (const type of ['b1', 'u1', 'f4', 'i8']) {
      expect([...withinRange(array([0, 1, 1, 0], type)).values], type).toEqual([0, 255, 255, 0]);
    }
    expect([...withinRange(array([1, 1], 'b1')).values]).toEqual([255, 255]);
  });

  it('leaves out no single value: a hot pixel among shares is one value beyond', () => {
    const shares = Array.from({ length: 5000 }, (_, at) => (at % 97) / 96);
    for (const hot of [1.0001, 1.7, 40, 3e4]) {
      const { values, note } = withinRange(array([...shares, hot]));
      expect(note).toMatchObject({ range: { from: 0, to: 1 }, clipped: 1, isChosen: false });
      expect(values.at(-1)).toBe(255);
    }
  });

  it('is the one that a person chose', () => {
    const { values, note } = withinRange(array([0, 4, 16, 20], 'f8'), '0..16');
    expect([...values]).toEqual([0, 64, 255, 255]);
    expect(note).toEqual({
      range: { from: 0, to: 16 },
      isChosen: true,
      found: { from: 0, to: 20 },
      clipped: 1,
    });
    expect([...withinRange(array([0.5, 7]), 'as-is').values]).toEqual([0.5, 7]);
    expect(rangeText(parseRange('-0.5..0.5')!)).toBe('-0.5..0.5');
    for (const text of ['1..0', '1..1', '0-1', '', '..', '0..', 'x..1', '0..Infinity'])
      expect(isRangeChoice(text), text).toBe(false);
    for (const text of ['auto', 'as-is', '0..1', '-1..1', '0.5..2.25'])
      expect(isRangeChoice(text)).toBe(true);
  });

  it('is refused where a value is no number, or no range fits', () => {
    expect(() => withinRange(array([0.5, NaN]))).toThrow(
      /^x\.npy: expected numbers as pixels, found NaN in image 1; /,
    );
    expect(() => withinRange(array([0, 1e6, 2e7]))).toThrow(
      /^x\.npy: expected pixels in .*found 0 to 20000000; say /,
    );
  });
});
