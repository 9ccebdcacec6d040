import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import { openImageFiles } from '../images';
import { pictureFormatOf, pictureFormats, statedSize } from './formats';

/** Written by Pillow, which also read the pixels; see scripts/make-picture-fixtures.py. */
const folder = fileURLToPath(new URL('./fixtures/', import.meta.url));
const names = readdirSync(folder).filter((name) => name !== 'expected.json');
const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<string, string>;
const fixture = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(folder + name)) });
const open = (...files: readonly { name: string; bytes: Uint8Array }[]) =>
  openImageFiles(files, installedCodecs);

/** Decoders of JPEG differ in how they round, and Pillow rounds 5 and 16 bits otherwise. */
function tolerance(name: string): number {
  if (/jpg$|lossy/.test(name)) return 4;
  return /16/.test(name) ? 1 : 0;
}

describe('pictures in every form that files have', () => {
  it.each(names)('%s has the pixels that Pillow gives', async (name) => {
    const file = fixture(name);
    expect(statedSize(file.bytes)).toEqual({ width: 11, height: 9 });
    const images = await open(file);
    expect(images).toMatchObject({ count: 1, height: 9, width: 11, channels: 3 });
    const wanted = Buffer.from(expected[name]!, 'hex');
    const differences = [...wanted].map((value, at) => Math.abs(value - images.pixels[at]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance(name));
    expect(images.leftOut).toBeUndefined();
    expect(images.animated ?? 0).toBe(/animated|pages/.test(name) ? 1 : 0);
  });

  it('come from every format that there is', () => {
    const found = new Set(names.map((name) => pictureFormatOf(fixture(name).bytes)?.id));
    expect([...found].sort()).toEqual(pictureFormats.map(({ id }) => id).sort());
  });

  it.each(names)(
    '%s is left out and named wherever it is cut off, without a word of the decoders',
    async (name) => {
      const error = vi.spyOn(console, 'error');
      const warn = vi.spyOn(console, 'warn');
      const whole = fixture(name);
      const good = { name: 'a/good.png', bytes: fixture('rgb.png').bytes };
      // The last bytes only fill up rows or chunks, or are part of a number that is shorter then.
      const least = /bmp$|text|pages/.test(name) ? 16 : name.endsWith('.webp') ? 2 : 1;
      for (const share of [0.3, 0.5, 0.7, 0.9, 1]) {
        const length = Math.min(whole.bytes.length - least, Math.floor(share * whole.bytes.length));
        const cut = { name: `b/${name}`, bytes: whole.bytes.slice(0, length) };
        const images = await open(good, cut);
        expect(images.count, `${length} of ${whole.bytes.length}`).toBe(1);
        expect(images.leftOut).toEqual([
          {
            name: cut.name,
            reason: expect.stringMatching(/^expected .*(ends early|damaged|found)/) as string,
          },
        ]);
      }
      expect(error).not.toHaveBeenCalled();
      expect(warn).not.toHaveBeenCalled();
    },
  );
});
