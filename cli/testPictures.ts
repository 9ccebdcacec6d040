import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Pixels of a test picture: red, green, blue and opacity of each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** A picture whose pixels are told by place; opaque unless told otherwise. */
export function drawn(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly number[],
): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(colour(x, y), 4 * (y * width + x));
  return { width, height, data };
}

const { resolve } = createRequire(import.meta.url);
const compiled = (file: string) => WebAssembly.compile(readFileSync(resolve(file)));
/** The packages' types leave out that a compiled module may be given. */
type Start = (module: WebAssembly.Module) => Promise<unknown>;

/** Encodes a picture; PNG and lossless WebP keep every pixel. */
export async function encoded(kind: 'jpeg' | 'png' | 'webp', pixels: Pixels): Promise<Uint8Array> {
  const image = pixels as unknown as ImageData;
  if (kind === 'png') {
    const { init, default: encode } = await import('@jsquash/png/encode.js');
    await init(await compiled('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
    return new Uint8Array(await encode(image));
  }
  if (kind === 'webp') {
    const { init, default: encode } = await import('@jsquash/webp/encode.js');
    await (init as unknown as Start)(await compiled('@jsquash/webp/codec/enc/webp_enc.wasm'));
    return new Uint8Array(await encode(image, { lossless: 1, exact: 1 }));
  }
  const { init, default: encode } = await import('@jsquash/jpeg/encode.js');
  await (init as unknown as Start)(await compiled('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  return new Uint8Array(await encode(image, { quality: 95 }));
}

/** One plain picture of 4×4 per name, told apart by red. */
export async function plainPictures(
  ...names: readonly string[]
): Promise<{ readonly name: string; readonly bytes: Uint8Array }[]> {
  return Promise.all(
    names.map(async (name, index) => ({
      name,
      bytes: await encoded(
        'png',
        drawn(4, 4, () => [10 * index + 1, 0, 0]),
      ),
    })),
  );
}
