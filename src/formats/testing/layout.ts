/** [C, H, W] values of one image → [H, W, C]. */
export function toChannelsLast(values: ArrayLike<number>, channels: number): Float32Array {
  const pixels = values.length / channels;
  return Float32Array.from({ length: values.length }, (_, index) => {
    return values[(index % channels) * pixels + Math.floor(index / channels)]!;
  });
}

/** [H, W, C] values of one image → [C, H, W]. */
export function toChannelsFirst(values: ArrayLike<number>, channels: number): Float32Array {
  const pixels = values.length / channels;
  return Float32Array.from({ length: values.length }, (_, index) => {
    return values[(index % pixels) * channels + Math.floor(index / pixels)]!;
  });
}

/** The greatest difference between two lists of numbers; Infinity where their lengths differ or one is NaN. */
export function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < left.length; index++) {
    const difference = Math.abs(left[index]! - right[index]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
