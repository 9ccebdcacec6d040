import type { ChangedImage, PlacedImage } from './schedule';

/**
 * Shifts, zooms and mirrors images. What that uncovers repeats the image's edge, so that letters keep their ground and
 * pictures their colours.
 *
 * @param values [n, height, width, channels]
 * @param images one for each, in the same order
 */
export function augmented(
  values: Float32Array,
  [height = 1, width = 1, channels = 1]: readonly number[],
  images: readonly PlacedImage[],
): Float32Array {
  const size = height * width * channels;
  const result = new Float32Array(values.length);
  images.forEach(({ down, right, pitch, isFlipped }, image) => {
    const rows = placesOf(height, down, pitch, false);
    const columns = placesOf(width, right, pitch, isFlipped);
    const from = values.subarray(image * size, (image + 1) * size);
    const to = result.subarray(image * size, (image + 1) * size);
    interpolate(from, to, rows, columns, channels);
  });
  return result;
}

/** Where along an axis what is seen at each place comes from: two neighbours, and the share of the second. */
interface Places {
  readonly near: Int32Array;
  readonly far: Int32Array;
  readonly share: Float64Array;
}

function placesOf(extent: number, shift: number, pitch: number, isFlipped: boolean): Places {
  const middle = (extent - 1) / 2;
  const [near, far, share] = [new Int32Array(extent), new Int32Array(extent), new Float64Array(extent)];
  for (let at = 0; at < extent; at++) {
    const place = middle + pitch * (at - shift - middle);
    const within = Math.max(0, Math.min(extent - 1, place));
    const source = isFlipped ? extent - 1 - within : within;
    near[at] = Math.floor(source);
    far[at] = Math.min(extent - 1, near[at]! + 1);
    share[at] = source - near[at]!;
  }
  return { near, far, share };
}

/** Fills an image with the values that another has at places between its pixels. */
function interpolate(
  from: Float32Array,
  to: Float32Array,
  rows: Places,
  columns: Places,
  channels: number,
): void {
  const line = columns.near.length * channels;
  let at = 0;
  rows.near.forEach((near, y) => {
    const [above, below, down] = [near * line, rows.far[y]! * line, rows.share[y]!];
    columns.near.forEach((column, x) => {
      const [left, right, across] = [column * channels, columns.far[x]! * channels, columns.share[x]!];
      for (let c = 0; c < channels; c++) {
        const first = from[above + left + c]! * (1 - across) + from[above + right + c]! * across;
        const second = from[below + left + c]! * (1 - across) + from[below + right + c]! * across;
        to[at++] = first * (1 - down) + second * down;
      }
    });
  });
}

/**
 * Blends images with others, in place: each value moves towards that of the other image by its share, in a window where
 * there is one.
 *
 * @param values [n, height, width, channels]
 * @param others those that shine through, for the images that are blended, in their order
 */
export function blend(
  values: Float32Array,
  others: Float32Array,
  [height = 1, width = 1, channels = 1]: readonly number[],
  images: readonly ChangedImage[],
): void {
  const size = height * width * channels;
  let other = 0;
  images.forEach(({ blended }, image) => {
    if (!blended) return;
    const { share, window } = blended;
    const rows = window ? partOf(height, window.top, window.height) : [0, height];
    const columns = window ? partOf(width, window.left, window.width) : [0, width];
    for (let y = rows[0]!; y < rows[1]!; y++) {
      const end = (y * width + columns[1]!) * channels;
      for (let at = (y * width + columns[0]!) * channels; at < end; at++)
        values[image * size + at]! += share * (others[other * size + at]! - values[image * size + at]!);
    }
    other++;
  });
}

function partOf(extent: number, start: number, length: number): readonly [number, number] {
  return [Math.round(start * extent), Math.round((start + length) * extent)];
}
