import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm?url';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm?url';
import { fail } from '../../network/failure';
import type { CodecSource } from './formats';

const addresses = { jpeg, png, webp };

/** The decoders in a bundle made by Vite, fetched when the first picture of a kind comes. */
export const bundledCodecs: CodecSource = async (codec) => {
  const response = await fetch(addresses[codec]);
  if (response.ok) return response.arrayBuffer();
  return fail(
    'unreadable-file',
    `The decoder for ${codec} pictures could not be loaded (${response.status}); reload the page.`,
  );
};
