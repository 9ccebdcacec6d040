/** Planes of one value per pixel, one after the other → pixels of neighbouring channels. */
export function interleavePlanes(
  planes: ArrayLike<number>,
  channels: number,
  pixels: Uint8Array | Float32Array,
): void {
  const count = pixels.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const from = channel * count;
    for (let index = 0; index < count; index++) pixels[index * channels + channel] = planes[from + index]!;
  }
}
