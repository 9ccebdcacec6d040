import fc from 'fast-check';
import { zipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../network/failure';
import type { NamedFile } from './file';
import { unzipped, zipLimits, type ZipLimits } from './zip';
import { listedNames } from './zipDirectory';

const named = (bytes: Uint8Array): NamedFile => ({ name: 'files.zip', bytes });

function failureOf(bytes: Uint8Array, limits: Partial<ZipLimits> = {}): string {
  try {
    unzipped(named(bytes), { ...zipLimits, ...limits });
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).message;
  }
  return 'unpacked without a failure';
}

/** The same archive with one name replaced by another of the same length, wherever it stands. */
function renamed(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1');
}

describe('zip archives', () => {
  it('come out as they went in, folders left out, stored and compressed', () => {
    const text = strToU8('weights '.repeat(50_000));
    const bytes = zipSync({
      'net/a.txt': text,
      'net/b.bin': [Uint8Array.of(1, 2, 3), { level: 0 }],
      'empty/': new Uint8Array(0),
      'é.txt': strToU8('accent'),
    });
    expect(listedNames(named(bytes))).toEqual(['net/a.txt', 'net/b.bin', 'empty/', 'é.txt']);
    expect(unzipped(named(bytes)).map(({ name, bytes: { length } }) => [name, length])).toEqual([
      ['net/a.txt', text.length],
      ['net/b.bin', 3],
      ['é.txt', 6],
    ]);
    expect(Buffer.compare(unzipped(named(bytes))[0]!.bytes, text)).toBe(0);
  });

  it('come out whole whatever they hold', () => {
    const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.uint8Array({ maxLength: 300_000 }));
    fc.assert(
      fc.property(files, fc.constantFrom(0, 6), (content, level) => {
        const bytes = zipSync(content, { level: level as 0 | 6 });
        const again = Object.fromEntries(unzipped(named(bytes)).map((file) => [file.name, file.bytes]));
        expect(again).toEqual({ ...content });
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['../../etc/x', 'leads out of its folder'],
    ['a/../../b/c', 'leads out of its folder'],
    ['/etc/passwd', 'is an absolute path'],
    ['C:/windows/', 'is an absolute path'],
    ['a\\..\\..\\xyz', 'leads out of its folder'],
    ['a\u0000b', 'holds control characters'],
  ])('are refused for the name %j', (name, reason) => {
    const placeholder = 'q'.repeat(name.length);
    const bytes = renamed(zipSync({ [placeholder]: strToU8('x') }), placeholder, name);
    expect(failureOf(bytes)).toBe(
      `files.zip: expected a zip archive with names inside the archive, found "${name}", which ${reason}; it was not unpacked.`,
    );
  });

  it('are refused when a name in a local header differs from the directory and leads out', () => {
    const bytes = zipSync({ aaaaaaaaaa: strToU8('x') });
    bytes.set(strToU8('../../bbbb'), 30);
    expect(failureOf(bytes)).toContain('leads out of its folder');
  });

  it('are refused beyond each limit, whatever sizes they state', () => {
    const zeros = new Uint8Array(2 ** 20);
    const bomb = zipSync({ 'a.bin': zeros, 'b.bin': zeros });
    expect(failureOf(bomb, { entries: 1 })).toContain('at most 1 entries, found 2');
    expect(failureOf(bomb, { entryBytes: 1000 })).toContain('at most 1,000 bytes in "a.bin", found more');
    expect(failureOf(bomb, { totalBytes: 2 ** 20 + 5 })).toContain('when unpacked, found more');
    expect(failureOf(bomb, { ratioFrom: 1000 })).toContain('grow at most 200 times when unpacked');
    const small = bomb.slice();
    // The stated unpacked size, in the local header: 1 byte.
    new DataView(small.buffer).setUint32(22, 1, true);
    expect(failureOf(small, { entryBytes: 1000 })).toContain('at most 1,000 bytes in "a.bin"');
  });

  it('are refused when they name an entry twice', () => {
    const bytes = renamed(zipSync({ aaaa: strToU8('x'), bbbb: strToU8('y') }), 'bbbb', 'aaaa');
    expect(failureOf(bytes)).toContain('every name once, found "aaaa" again');
  });

  it('are refused when cut off anywhere or changed', () => {
    const bytes = zipSync({ 'a.txt': strToU8('weights '.repeat(1000)), 'b.txt': strToU8('more') });
    for (let length = 4; length < bytes.length; length += 7) {
      expect(failureOf(bytes.subarray(0, length))).toMatch(
        /^files\.zip: expected a zip archive.*copy it again\.$/,
      );
    }
  });

  it('never end in anything but files or a sentence', () => {
    const bytes = zipSync({ 'a.txt': strToU8('weights '.repeat(20)), 'b/c.txt': strToU8('more') });
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        expect(failureOf(changed)).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });
});
