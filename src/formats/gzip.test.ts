import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { gunzipped } from './gzip';

const numbers = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 251);

describe('gunzipped', () => {
  it('unpacks by content and drops the ending', () => {
    const { name, bytes } = gunzipped({ name: 'a.bin.gz', bytes: gzipSync(numbers) });
    expect(name).toBe('a.bin');
    expect(Buffer.compare(bytes, numbers)).toBe(0);
  });

  it('unpacks several members as one', () => {
    const bytes = Uint8Array.from([
      ...gzipSync(numbers.subarray(0, 1000)),
      ...gzipSync(numbers.subarray(1000)),
    ]);
    expect(Buffer.compare(gunzipped({ name: 'a.gz', bytes }).bytes, numbers)).toBe(0);
  });

  it('passes other files as they are', () => {
    const file = { name: 'fake.gz', bytes: numbers };
    expect(gunzipped(file)).toBe(file);
  });

  it('stops where a small file grows beyond the limit', () => {
    const bytes = gzipSync(new Uint8Array(5_000_000));
    expect(bytes.length).toBeLessThan(10_000);
    const unpack = () => gunzipped({ name: 'bomb.gz', bytes }, 1_000_000);
    expect(unpack).toThrow(
      'bomb.gz: expected at most 1,000,000 bytes when unpacked, found more; unpack it and open a part of it.',
    );
  });

  it('stops early where data grow as only emptiness does', () => {
    const bytes = gzipSync(new Uint8Array(70_000_000));
    expect(() => gunzipped({ name: 'bomb.gz', bytes })).toThrow(
      'bomb.gz: expected data that grow at most 200 times when unpacked, found more; unpack it and open a part of it.',
    );
  });

  it('refuses a member whose checksum or length is another, whichever it is', () => {
    const members = [gzipSync(numbers.subarray(0, 1000)), gzipSync(numbers.subarray(1000, 2000))];
    const sentence = 'a.gz: expected gzip data, but they are cut off or damaged; download the file again.';
    for (const which of [0, 1]) {
      for (const fromEnd of [8, 5, 4, 1]) {
        const changed = members.map((member) => Uint8Array.from(member));
        const member = changed[which]!;
        member[member.length - fromEnd]! ^= 1;
        const bytes = Uint8Array.from(changed.flatMap((each) => [...each]));
        expect(() => gunzipped({ name: 'a.gz', bytes })).toThrow(sentence);
      }
    }
  });

  it('refuses data cut off anywhere', () => {
    const bytes = gzipSync(numbers);
    for (const length of [2, 5, 9, 11, 100, bytes.length >> 1, bytes.length - 20, bytes.length - 5]) {
      const unpack = () => gunzipped({ name: 'cut.gz', bytes: bytes.subarray(0, length) });
      expect(unpack).toThrow(/^cut\.gz: expected gzip data, but they /);
    }
  });
});
