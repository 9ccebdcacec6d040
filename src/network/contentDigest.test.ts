import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDigest } from './contentDigest';
import { seededNumbers } from './testing/builders';

function bitsOf(digest: string): string {
  return Array.from(digest, (digit) => parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
}

describe('contentDigest', () => {
  const bytes = Uint8Array.from(seededNumbers(1).values(100, 100));

  it('is 32 hexadecimal digits that depend on the bytes only, not on where they lie', () => {
    expect(contentDigest(bytes)).toMatch(/^[0-9a-f]{32}$/);
    for (let offset = 1; offset < 8; offset++) {
      const moved = new Uint8Array(120).subarray(offset, offset + 100);
      moved.set(bytes);
      expect(contentDigest(moved)).toBe(contentDigest(bytes));
    }
  });

  it('turns about half of its bits over for any bit of the data', () => {
    const original = bitsOf(contentDigest(bytes));
    let turned = 0;
    for (let bit = 0; bit < 800; bit++) {
      const changed = bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const digest = bitsOf(contentDigest(changed));
      const distance = Array.from(digest).filter((value, index) => value !== original[index]).length;
      expect(distance).toBeGreaterThan(24);
      turned += distance / 800;
    }
    expect(turned).toBeGreaterThan(62);
    expect(turned).toBeLessThan(66);
  });

  it('tells zeros of every length apart', () => {
    const digests = Array.from({ length: 200 }, (_, length) => contentDigest(new Uint8Array(length)));
    expect(new Set(digests).size).toBe(200);
  });

  it('depends on the order of values', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99 }), fc.nat({ max: 99 }), (i, j) => {
        const swapped = Uint8Array.from(bytes);
        [swapped[i], swapped[j]] = [bytes[j]!, bytes[i]!];
        expect(contentDigest(swapped) === contentDigest(bytes)).toBe(bytes[i] === bytes[j]);
      }),
    );
  });
});
