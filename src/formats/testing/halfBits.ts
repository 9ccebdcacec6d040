/** The nearest float16 below in magnitude; enough for numbers of about one. */
export function halfBits(value: number): number {
  const size = Math.abs(value);
  if (size < 2 ** -14) return (value < 0 ? 0x8000 : 0) | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.floor((size / 2 ** exponent - 1) * 1024);
}
