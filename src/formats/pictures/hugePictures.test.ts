import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import { openImageFiles } from '../images';
import { pictureFormats } from './formats';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const side = 20_000;

/** Height and width stand behind the length and the precision of a frame. */
function jpegFrame(bytes: Uint8Array, view: DataView): void {
  const frame = bytes.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc1, 0xc2].includes(bytes[at + 1]!));
  for (const offset of [5, 7]) view.setUint16(frame + offset, side);
}

/** Whole pictures of a few pixels whose headers state another size, by how each format writes it. */
const changes: Readonly<Record<string, readonly [string, (bytes: Uint8Array, view: DataView) => void]>> = {
  jpeg: ['baseline.jpg', jpegFrame],
  'jpeg-cmyk': ['cmyk.jpg', jpegFrame],
  png: [
    'rgb.png',
    (_, view) => {
      for (const offset of [16, 20]) view.setUint32(offset, side);
    },
  ],
  webp: [
    'animated.webp',
    (bytes) => {
      // Less one, in 24 bits.
      for (const offset of [24, 27])
        bytes.set([(side - 1) & 0xff, ((side - 1) >> 8) & 0xff, (side - 1) >> 16], offset);
    },
  ],
  gif: [
    'still.gif',
    (_, view) => {
      for (const offset of [6, 8]) view.setUint16(offset, side, true);
    },
  ],
  bmp: [
    'rgb24.bmp',
    (_, view) => {
      for (const offset of [18, 22]) view.setInt32(offset, side, true);
    },
  ],
  tiff: [
    'rgb.tif',
    (_, view) => {
      const isLittle = view.getUint8(0) === 0x49;
      const directory = view.getUint32(4, isLittle);
      for (let entry = 0; entry < view.getUint16(directory, isLittle); entry++) {
        const at = directory + 2 + 12 * entry;
        if (![256, 257].includes(view.getUint16(at, isLittle))) continue;
        const isShort = view.getUint16(at + 2, isLittle) === 3;
        if (isShort) view.setUint16(at + 8, side, isLittle);
        else view.setUint32(at + 8, side, isLittle);
      }
    },
  ],
  netpbm: ['text.ppm', () => undefined],
};

it('every format of pictures is among them', () => {
  expect(Object.keys(changes).sort()).toEqual(pictureFormats.map(({ id }) => id).sort());
});

it.each(Object.entries(changes))(
  'a %s whose header states 400 million pixels is left out by it',
  async (id, [name, change]) => {
    const whole = fixture(name);
    let bytes = whole.slice();
    change(bytes, new DataView(bytes.buffer));
    if (id === 'netpbm')
      bytes = new TextEncoder().encode(
        new TextDecoder().decode(whole).replace(/(?<=^P\d\s+)\d+\s+\d+/, `${side} ${side}`),
      );
    const set = await openImageFiles(
      [
        { name: `whole-${name}`, bytes: whole },
        { name, bytes },
      ],
      installedCodecs,
    );
    expect(set.count).toBe(1);
    expect(set.leftOut).toEqual([
      { name, reason: `expected at most 100 million pixels, found ${side}×${side}; make it smaller.` },
    ]);
  },
);
