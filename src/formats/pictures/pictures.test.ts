import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import type { Wanted } from '../datasets';
import type { NamedFile } from '../file';
import { openImageFiles } from '../images';
import { drawn, encoded, plainPictures } from '../../../cli/testPictures';
import { pictureFormatOf, statedSize } from './formats';
import { covering } from './resize';

const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});
const open = (files: readonly NamedFile[], wanted?: Wanted) => openImageFiles(files, installedCodecs, wanted);
const wanted = (classes: number, size = 4, classNames: readonly string[] | null = null): Wanted => ({
  height: size,
  width: size,
  channels: 3,
  classes,
  classNames,
});

const gradient = drawn(6, 5, (x, y) => [40 * x, 50 * y, 7]);
describe('decoding', () => {
  it('gives every pixel of PNG and lossless WebP, and nearly those of JPEG', async () => {
    const kinds = ['png', 'webp', 'jpeg'] as const;
    const sets = await Promise.all(
      kinds.map(async (kind) => {
        const bytes = await encoded(kind, gradient);
        expect(pictureFormatOf(bytes)?.id).toBe(kind);
        expect(statedSize(bytes)).toEqual({ width: 6, height: 5 });
        return open([{ name: `a.${kind}`, bytes }]);
      }),
    );
    const rgb = [...gradient.data].filter((_, index) => index % 4 !== 3);
    expect([...sets[0]!.pixels]).toEqual(rgb);
    expect([...sets[1]!.pixels]).toEqual(rgb);
    expect(sets[2]).toMatchObject({ count: 1, height: 5, width: 6, channels: 3, labels: null });
    const difference = rgb.reduce((sum, value, index) => sum + Math.abs(value - sets[2]!.pixels[index]!), 0);
    expect(difference / rgb.length).toBeLessThan(25);
  });

  it('turns a JPEG as its orientation says', async () => {
    const bytes = await encoded(
      'jpeg',
      drawn(32, 16, (x) => (x < 16 ? [255, 255, 255] : [0, 0, 0])),
    );
    // EXIF with the one entry "orientation 6": turn clockwise by 90 degrees, so that the left side is on top.
    const entry = [1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
    const tiff = [0x49, 0x49, 42, 0, 8, 0, 0, 0, ...entry];
    const segment = [0xff, 0xe1, 0, tiff.length + 8, ...new TextEncoder().encode('Exif'), 0, 0, ...tiff];
    const turned = Uint8Array.from([...bytes.subarray(0, 2), ...segment, ...bytes.subarray(2)]);
    const images = await open([{ name: 'a.jpg', bytes: turned }], { ...wanted(2), height: 32, width: 16 });
    const at = (x: number, y: number) => images.pixels[3 * (y * 16 + x)]!;
    expect([at(2, 4) > 240, at(13, 4) > 240, at(2, 27) < 15, at(13, 27) < 15]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('gives brightness to a network that reads grey images', async () => {
    const bytes = await encoded(
      'png',
      drawn(4, 4, () => [100, 50, 200]),
    );
    const images = await open([{ name: 'a.png', bytes }], { ...wanted(2), channels: 1 });
    expect(images).toMatchObject({ height: 4, width: 4, channels: 1 });
    expect([...new Set(images.pixels)]).toEqual([82]);
  });

  it('lays transparent parts on white', async () => {
    const bytes = await encoded(
      'png',
      drawn(1, 1, () => [0, 100, 200, 0]),
    );
    expect([...(await open([{ name: 'a.png', bytes }])).pixels]).toEqual([255, 255, 255]);
  });

  it('leaves out what cannot be decoded, and names it with the reason', async () => {
    const [good, other] = await plainPictures('x/b/good.png', 'x/c/other.png');
    const huge = good!.bytes.slice();
    new DataView(huge.buffer).setUint32(16, 100_000);
    new DataView(huge.buffer).setUint32(20, 100_000);
    // Whole, but of nonsense: the checksums that nobody looks at are those of the nonsense.
    const broken = good!.bytes.slice().fill(7, 45, 50);
    const files = [
      good!,
      other!,
      { name: 'x/a/cut.png', bytes: good!.bytes.subarray(0, 45) },
      { name: 'x/b/broken.png', bytes: broken },
      { name: 'x/b/huge.png', bytes: huge },
      text('x/b/letter.jpg', 'hello'),
      text('x/b/phone.heic', '\0\0\0\x18ftypheic'),
      text('x/readme.md', 'hello'),
      text('x/classes.txt', 'a\nb\nc\n'),
    ];
    const images = await open(files, wanted(3));
    expect(images.leftOut).toEqual([
      {
        name: 'x/a/cut.png',
        reason: expect.stringMatching(/^expected a whole PNG picture, but its data ends early; /) as string,
      },
      {
        name: 'x/b/broken.png',
        reason: expect.stringMatching(/^expected a PNG picture, but it is damaged; /) as string,
      },
      {
        name: 'x/b/huge.png',
        reason: expect.stringMatching(
          /^expected at most 100 million pixels, found 100000×100000; /,
        ) as string,
      },
      {
        name: 'x/b/letter.jpg',
        reason: expect.stringMatching(/^expected a JPEG, PNG.* or PPM picture, found plain text; /) as string,
      },
      { name: 'x/b/phone.heic', reason: expect.stringMatching(/found a HEIC or AVIF image; /) as string },
      {
        name: 'x/readme.md',
        reason: 'expected a picture, a table of labels or a list of classes, found plain text',
      },
    ]);
    // Those that are left keep their labels and classes: that of the picture that is left out is still the first.
    expect(images.count).toBe(2);
    expect([...images.labels!]).toEqual([1, 2]);
    expect(images.labelChoices!.readings.every(({ labels }) => labels.length === 2)).toBe(true);
    expect([...images.pixels.subarray(0, 3)]).toEqual([1, 0, 0]);
    expect(images.pixels.length).toBe(2 * 4 * 4 * 3);
  });

  it('is refused where nothing can be decoded, with the first reason', async () => {
    const [good] = await plainPictures('a.png');
    const cut = (name: string) => ({ name, bytes: good!.bytes.subarray(0, 45) });
    await expect(open([cut('a.png')])).rejects.toThrow(
      'a.png: expected a whole PNG picture, but its data ends early; replace it or leave it out.',
    );
    await expect(open([cut('b.png'), cut('a.png'), text('c.gif', 'GIF89a')])).rejects.toThrow(
      /^a\.png: .* None of the other 2 can be read either\.$/,
    );
    // The decoder still works after a failure.
    expect((await open([good!])).count).toBe(1);
  });

  it('is refused where the pictures would take too much memory, and nothing is decoded', async () => {
    const files = await plainPictures('set/a.png', 'set/b.png');
    await expect(open(files, wanted(2, 15000))).rejects.toMatchObject({
      code: 'invalid-images',
      message:
        'set: expected pictures that take at most 1,073,741,824 bytes, found 2 of 15000×15000; open fewer.',
    });
  });

  it('names what it does not read of a format that it reads', async () => {
    const bytes = (name: string, ...values: readonly number[]) => ({ name, bytes: Uint8Array.from(values) });
    const bmp = (compression: number, bits: number) => {
      const header = [
        0x42,
        0x4d,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        54,
        0,
        0,
        0,
        40,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        1,
        0,
        bits,
        0,
        compression,
      ];
      return bytes('a.bmp', ...header, ...Array<number>(60).fill(0));
    };
    await expect(open([bmp(1, 8)])).rejects.toThrow(/^a\.bmp: .* found compression RLE8; save it as PNG\./);
    await expect(open([bmp(0, 2)])).rejects.toThrow(/found 2 bits per pixel/);
    const tiff = (...fields: readonly (readonly [tag: number, value: number])[]) => {
      const all = [[256, 1], [257, 1], ...fields] as const;
      const entries = all.flatMap(([tag, value]) => [
        tag & 255,
        tag >> 8,
        3,
        0,
        1,
        0,
        0,
        0,
        value & 255,
        value >> 8,
        0,
        0,
      ]);
      return bytes('a.tif', 0x49, 0x49, 42, 0, 8, 0, 0, 0, all.length, 0, ...entries, 0, 0, 0, 0);
    };
    const cases: readonly (readonly [NamedFile, RegExp])[] = [
      [tiff([259, 7]), /found compression JPEG/],
      [tiff([258, 8], [262, 5]), /found colours of kind CMYK/],
      [tiff([258, 32], [339, 3]), /found 32 bits of floating point per value/],
      [tiff([258, 8], [277, 3], [284, 2]), /found planes of one colour each/],
      [tiff([258, 8], [277, 3], [322, 16]), /found tiles instead of strips/],
      [tiff([258, 8], [277, 13]), /found 13 channels/],
      [tiff([258, 8], [274, 6]), /found a turned picture/],
      [tiff(), /found no number of bits/],
    ];
    for (const [file, sentence] of cases) await expect(open([file])).rejects.toThrow(sentence);
  });
});

describe('covering', () => {
  it('keeps a picture that has the size', () => {
    const rgb = [...gradient.data].filter((_, index) => index % 4 !== 3);
    expect([...covering(gradient, 5, 6)]).toEqual(rgb);
  });

  it('cuts out the centre without change where only one side is longer', () => {
    const middle = [...covering(gradient, 5, 4)].filter((_, index) => index % 3 === 0).slice(0, 4);
    expect(middle).toEqual([40, 80, 120, 160]);
  });

  it('halves by triangles two pixels wide, and keeps a plain colour everywhere', () => {
    const line = drawn(4, 4, (x) => [[0, 0, 255, 255][x]!, 9, 9]);
    // Weights 3/8, 3/8, 1/8 of 0, 0, 255 (made to add up to 1 where the border cuts the fourth off).
    expect([...covering(line, 2, 2)].slice(0, 6)).toEqual([
      Math.round(255 / 7),
      9,
      9,
      Math.round((255 * 6) / 7),
      9,
      9,
    ]);
    const plainColour = covering(
      drawn(37, 53, () => [200, 3, 77]),
      11,
      13,
    );
    expect(plainColour.every((value, index) => value === [200, 3, 77][index % 3])).toBe(true);
  });

  it('enlarges between the centres of pixels', () => {
    const pair = drawn(2, 2, (x) => [x * 100, 0, 0]);
    expect([...covering(pair, 4, 4)].filter((_, index) => index % 3 === 0).slice(0, 4)).toEqual([
      0, 25, 75, 100,
    ]);
  });
});

describe('classes of pictures', () => {
  it('are the folders in alphabetical order, in a zip archive too', async () => {
    const files = await plainPictures('set/dog/1.png', 'set/cat/2.png', 'set/dog/0.png');
    const images = await open(files, wanted(2));
    expect(images).toMatchObject({ name: 'set', count: 3, classNames: ['cat', 'dog'], isFitted: true });
    expect([...images.labels!]).toEqual([0, 1, 1]);
    expect(images.pixels[0]).toBe(11);
    const archive = zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])));
    expect(await open([{ name: 'set.zip', bytes: archive }], wanted(2))).toEqual(images);
  });

  it('are none where all lie in one folder', async () => {
    expect((await open(await plainPictures('set/a.png', 'set/b.png'), wanted(2))).labels).toBeNull();
  });

  it('may be numbers, or named by the network or by a list', async () => {
    const numbered = await plainPictures('10/a.png', '9/b.png', '2/c.png');
    expect([...(await open(numbered, wanted(11))).labels!]).toEqual([10, 2, 9]);
    const named = await plainPictures('great_tit/a.png', 'Robin/b.png');
    const names = ['robin', 'wren', 'Great tit'];
    expect([...(await open(named, wanted(3, 4, names))).labels!].sort()).toEqual([0, 2]);
    const list = text('classes.txt', 'wren\ngreat tit\nrobin\n');
    expect([...(await open([...named, list], wanted(3))).labels!].sort()).toEqual([1, 2]);
    await expect(open(named, wanted(3, 4, ['robin', 'wren', 'owl']))).rejects.toThrow(/found "great_tit"/);
  });

  it('may be mapped by a table of name and index', async () => {
    const files = await plainPictures('cat/a.png', 'dog/b.png');
    for (const table of [
      text('map.csv', 'class,index\ncat,7\ndog,3\n'),
      text('map.json', '{"cat": 7, "dog": 3}'),
      text('map.json', '{"7": ["n02121808", "cat"], "3": ["n02084071", "dog"]}'),
    ]) {
      const images = await open([...files, table], wanted(10));
      expect([...images.labels!]).toEqual([7, 3]);
      expect([images.classNames![7], images.classNames![3]]).toEqual(['cat', 'dog']);
    }
    await expect(open([...files, text('map.json', '{"cat": 7}')], wanted(10))).rejects.toThrow(
      /mapping file map\.json names, found "dog"/,
    );
  });

  it('say how they were matched', async () => {
    const files = await plainPictures('set/cat/a.png', 'set/dog/b.png');
    const matchingOf = async (given: readonly NamedFile[], names: readonly string[] | null = null) =>
      (await open(given, wanted(2, 4, names))).matching;
    expect(await matchingOf(files)).toEqual({ by: 'order', file: null });
    expect(await matchingOf(files, ['dog', 'cat'])).toEqual({ by: 'names', file: null });
    const list = text('set/classes.txt', 'dog\ncat\n');
    expect(await matchingOf([...files, list])).toEqual({ by: 'names', file: 'classes.txt' });
    const table = text('set/map.csv', 'cat,1\ndog,0\n');
    expect(await matchingOf([...files, list, table])).toEqual({ by: 'mapping', file: 'map.csv' });
    expect(await matchingOf(await plainPictures('set/a.png', 'set/b.png'))).toBeNull();
  });

  it('may be given per picture by a CSV or JSON file', async () => {
    const files = await plainPictures('set/a.png', 'set/b.png', 'set/c.png');
    for (const table of [
      text('labels.csv', 'label,file\ndog,a.png\ncat,"b.png"\ndog,set/c.png\n'),
      text('labels.csv', 'id;label\na;dog\nb;cat\nc;dog\n'),
      text('labels.json', '{"a.png": "dog", "b.png": "cat", "c.png": "dog"}'),
      text(
        'labels.json',
        '[{"file": "a.png", "label": "dog"}, {"file": "b.png", "label": "cat"}, {"file": "c.png", "label": "dog"}]',
      ),
      text('labels.json', '[["a.png", 1], ["b.png", 0], ["c.png", 1]]'),
    ]) {
      expect([...(await open([...files, table], wanted(2))).labels!]).toEqual([1, 0, 1]);
    }
    const short = text('labels.csv', 'a.png,1\n');
    await expect(open([...files, short], wanted(2))).rejects.toThrow(
      /^labels\.csv: .*none for set\/b\.png and 1 more/,
    );
    await expect(open([...files, text('l.json', '{')], wanted(2))).rejects.toThrow(/^l\.json: expected JSON/);
    await expect(open([...files, text('l.csv', 'x,y\n')], wanted(2))).rejects.toThrow(
      /^l\.csv: expected a table/,
    );
  });

  it('must be as many as the network has where nothing names them', async () => {
    const files = await plainPictures('cat/a.png', 'dog/b.png');
    await expect(open(files, wanted(10))).rejects.toThrow(/expected 10 classes.*found 2 \(cat, dog\)/);
  });
});

describe('archives of pictures', () => {
  it('are refused where a name leads out of them or they are cut off', async () => {
    const [file] = await plainPictures('a.png');
    const bad = zipSync({ '../a.png': file!.bytes });
    await expect(open([{ name: 'bad.zip', bytes: bad }])).rejects.toThrow(
      /^bad\.zip: .*leads out of its folder/,
    );
    const cut = zipSync({ 'a.png': file!.bytes }).subarray(0, 60);
    await expect(open([{ name: 'cut.zip', bytes: cut }])).rejects.toThrow(/^cut\.zip: .*cut off/);
    const bomb = zipSync({ 'a.png': new Uint8Array(2 ** 27) });
    await expect(open([{ name: 'bomb.zip', bytes: bomb }])).rejects.toThrow(
      /^bomb\.zip: .*grow at most 200 times/,
    );
    await expect(open([{ name: 'empty.zip', bytes: zipSync({}) }])).rejects.toThrow(
      /^empty\.zip: expected images/,
    );
  });

  it('fit pictures of several sizes to one', async () => {
    const sizes = await Promise.all(
      [8, 9].map(async (side) => ({
        name: `${side}.png`,
        bytes: await encoded(
          'png',
          drawn(side, side, () => [5, 6, 7]),
        ),
      })),
    );
    expect(await open(sizes)).toMatchObject({ count: 2, height: 224, width: 224 });
    expect(await open(sizes, wanted(2))).toMatchObject({ count: 2, height: 4, width: 4 });
  });
});
