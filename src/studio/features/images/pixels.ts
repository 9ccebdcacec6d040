/** The size of every image of a set. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
}

/**
 * One image of several as RGBA.
 *
 * @param pixels NHWC bytes
 * @param position which of them
 * @returns height · width · 4 bytes
 */
export function rgbaOf(
  pixels: Uint8Array,
  position: number,
  size: ImageSize,
): Uint8ClampedArray<ArrayBuffer> {
  const { height, width, channels } = size;
  const count = height * width;
  const from = position * count * channels;
  const rgba = new Uint8ClampedArray(4 * count).fill(255);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[4 * pixel + channel] = pixels[from + pixel * channels + Math.min(channel, channels - 1)]!;
    }
  }
  return rgba;
}
