import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm?url';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm?url';
import { loadPart } from '../../network/parts';
import type { CodecSource } from './formats';
import { wasmFile } from '../../network/wasmFile';

const addresses = { jpeg, png, webp };
const titles = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP' };

/** The decoders in a bundle made by Vite, fetched when the first picture of a kind comes. */
export const bundledCodecs: CodecSource = (codec) =>
  loadPart(`the decoder of ${titles[codec]} pictures`, () => fetch(addresses[codec]).then(wasmFile));
