import fc from 'fast-check';
import { zipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../network/failure';
import { crc32 } from '../network/crc32';
import type { NamedFile } from './file';
import { unzipped, zipLimits, type ZipLimits } from './zip';
import { listedNames } from '../network/zipDirectory';

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

/** Numbers of so many bytes each, little-endian. */
function numbers(...fields: readonly (readonly [value: number, bytes: 2 | 4 | 8])[]): Uint8Array {
  const buffer = Buffer.alloc(fields.reduce((sum, [, length]) => sum + length, 0));
  let at = 0;
  for (const [value, length] of fields) {
    if (length === 8) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUIntLE(value, at, length);
    at += length;
  }
  return buffer;
}

const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** An archive of entries and their directory, with the records at its end as Zip64 has them. */
function large(entries: Uint8Array, directory: Uint8Array, count: number, locatorAt?: number): Uint8Array {
  const at = entries.length + directory.length;
  return joined(
    entries,
    directory,
    numbers([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8]),
    numbers([directory.length, 8], [entries.length, 8]),
    numbers([0x07064b50, 4], [0, 4], [locatorAt ?? at, 8], [1, 4]),
    numbers([0x06054b50, 4], [0, 2], [0, 2], [0xffff, 2], [0xffff, 2]),
    numbers([0xffffffff, 4], [0xffffffff, 4], [0, 2]),
  );
}

/** The same archive with its records as Zip64 has them. */
function asLarge(bytes: Uint8Array, count: number, locatorAt?: number): Uint8Array {
  const end = Buffer.from(bytes).lastIndexOf(Uint8Array.of(0x50, 0x4b, 5, 6));
  const from = Buffer.from(bytes).readUInt32LE(end + 16);
  return large(bytes.subarray(0, from), bytes.subarray(from, end), count, locatorAt);
}

describe('large archives (Zip64)', () => {
  const small = zipSync({
    'a.txt': strToU8('weights '.repeat(1000)),
    'b.txt': [strToU8('more'), { level: 0 }],
  });

  it('are unpacked as others are', () => {
    expect(unzipped(named(asLarge(small, 2)))).toEqual(unzipped(named(small)));
  });

  it('may hold the sizes of their entries in 64 bits', () => {
    const content = strToU8('hello');
    const checksum = crc32(content);
    const name = strToU8('a.txt');
    const most = 0xffffffff;
    const head = numbers(
      [45, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [checksum, 4],
      [most, 4],
      [most, 4],
      [5, 2],
    );
    const local = joined(
      numbers([0x04034b50, 4]),
      head,
      numbers([20, 2]),
      name,
      numbers([1, 2], [16, 2], [5, 8], [5, 8]),
    );
    const entry = joined(
      ...[
        numbers([0x02014b50, 4], [45, 2]),
        head,
        numbers([28, 2], [0, 2], [0, 2], [0, 2], [0, 4], [most, 4]),
      ],
      ...[name, numbers([1, 2], [24, 2], [5, 8], [5, 8], [0, 8])],
    );
    const files = unzipped(named(large(joined(local, content), entry, 1)));
    expect(files).toEqual([{ name: 'a.txt', bytes: content }]);
  });

  it('may hold more entries than 16 bits can count', () => {
    const names = Array.from({ length: 66_000 }, (_, at) => `${at}`);
    const bytes = zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array(0)])), { level: 0 });
    expect(listedNames(named(asLarge(bytes, 66_000)))).toHaveLength(66_000);
  });

  it.each([
    ['count another number of entries', asLarge(small, 3)],
    ['say nonsense of where their record is', asLarge(small, 2, 7)],
    ['point beyond their end', asLarge(small, 2, 2 ** 52)],
  ])('are refused where they %s', (_, bytes) => {
    expect(failureOf(bytes)).toMatch(
      /^files\.zip: expected a zip archive of \d+ entries, found \d+; it is damaged/,
    );
  });
});

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
