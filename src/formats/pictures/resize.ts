/** A decoded picture: rows of pixels of four bytes, red, green, blue and opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Which source values make one value of the result, and how much each counts; the weights add up to 1. */
interface Taps {
  readonly from: number;
  readonly weights: Float64Array;
}

/**
 * Scales a picture until it covers a size, and cuts out the centre: bilinear, antialiased (a triangle as wide as a
 * pixel of the smaller picture). Plain float64 arithmetic in a fixed order, so the result is the same everywhere; a
 * picture that has the size already passes untouched. Transparent parts are laid on white.
 *
 * @returns height × width × 3 bytes
 */
export function covering(picture: Picture, height: number, width: number): Uint8Array {
  const scale = Math.max(width / picture.width, height / picture.height);
  const columns = tapsAlong(picture.width, Math.max(width, Math.round(picture.width * scale)), width);
  const rows = tapsAlong(picture.height, Math.max(height, Math.round(picture.height * scale)), height);
  const pixels = new Uint8Array(height * width * 3);
  const first = rows[0]!.from;
  const last = rows[height - 1]!;
  const lines = Array.from({ length: last.from + last.weights.length - first }, (_, index) =>
    resampledLine(opaqueLine(picture, first + index), columns),
  );
  rows.forEach(({ from, weights }, y) => {
    for (let x = 0; x < width * 3; x++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) sum += weights[tap]! * lines[from - first + tap]![x]!;
      pixels[y * width * 3 + x] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  });
  return pixels;
}

/** Taps for the middle `kept` of `scaled` values that a line of `length` values is resampled to. */
function tapsAlong(length: number, scaled: number, kept: number): Taps[] {
  const step = length / scaled;
  const reach = Math.max(1, step);
  const offset = Math.floor((scaled - kept) / 2);
  return Array.from({ length: kept }, (_, index) => {
    const centre = (index + offset + 0.5) * step;
    const from = Math.max(0, Math.ceil(centre - reach - 0.5));
    const to = Math.min(length - 1, Math.floor(centre + reach - 0.5));
    const weights = Float64Array.from({ length: to - from + 1 }, (_unused, tap) =>
      Math.max(0, 1 - Math.abs(from + tap + 0.5 - centre) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { from, weights: weights.map((weight) => weight / sum) };
  });
}

function resampledLine(line: Float64Array, columns: readonly Taps[]): Float64Array {
  const result = new Float64Array(columns.length * 3);
  columns.forEach(({ from, weights }, x) => {
    for (let tap = 0; tap < weights.length; tap++) {
      for (let c = 0; c < 3; c++) result[3 * x + c]! += weights[tap]! * line[3 * (from + tap) + c]!;
    }
  });
  return result;
}

/** One row without opacity: what is transparent shows white. */
function opaqueLine({ width, data }: Picture, y: number): Float64Array {
  const line = new Float64Array(width * 3);
  for (let x = 0; x < width; x++) {
    const at = 4 * (y * width + x);
    const opacity = data[at + 3]! / 255;
    for (let c = 0; c < 3; c++) line[3 * x + c] = data[at + c]! * opacity + 255 * (1 - opacity);
  }
  return line;
}
