import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECORD_BYTES, labelsOf, pack, toRecords, unpack } from './layout';
import { PIXELS_PER_IMAGE } from './task';

describe('toRecords', () => {
  it('puts each label before its planes', () => {
    const pixels = Uint8Array.from({ length: 2 * PIXELS_PER_IMAGE }, (_, at) => at % 251);
    const records = toRecords([7, 25], pixels);
    expect(records).toHaveLength(2 * 3073);
    expect([records[0], records[RECORD_BYTES]]).toEqual([7, 25]);
    expect(records.subarray(1, RECORD_BYTES)).toEqual(pixels.subarray(0, PIXELS_PER_IMAGE));
    expect(records.subarray(RECORD_BYTES + 1)).toEqual(pixels.subarray(PIXELS_PER_IMAGE));
    expect(labelsOf(records)).toEqual([7, 25]);
  });

  it('refuses pixels that do not match the labels', () => {
    expect(() => toRecords([1], new Uint8Array(5))).toThrow('expected 3072 bytes, got 5');
  });
});

describe('pack', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(new Uint8Array(unpack(pack(bytes)))).toEqual(bytes);
      }),
    );
  });
});
