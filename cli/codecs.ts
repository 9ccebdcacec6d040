import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { CodecSource } from '../src/formats/images';

const files = {
  jpeg: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  png: '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
  webp: '@jsquash/webp/codec/dec/webp_dec.wasm',
} as const;

const { resolve } = createRequire(import.meta.url);

/** The decoders of pictures, from the dependencies' folders. */
export const installedCodecs: CodecSource = async (codec) =>
  new Uint8Array(await readFile(resolve(files[codec])));
