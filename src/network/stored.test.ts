import { describe, expect, it } from 'vitest';
import { randomTensor, seededNumbers } from './testing/builders';
import { asHalves, asSigned, asUnsigned, storedBytes, symmetricScales } from './stored';

const numbers = seededNumbers(3);
const kernel = randomTensor(numbers, [3, 3, 4, 6]);

const largestError = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);

describe('a tensor in fewer bits', () => {
  it('errs by half a level at most, channel by channel, in int8', () => {
    const { data, stored, shape } = asSigned(kernel);
    expect(shape).toEqual(kernel.shape);
    expect(stored.scales).toHaveLength(6);
    data.forEach((value, index) => {
      const scale = stored.scales[index % 6]!;
      expect(Math.abs(value - kernel.data[index]!)).toBeLessThanOrEqual(scale / 2 + 1e-9);
      expect(value).toBe(Math.fround(stored.values[index]! * scale));
    });
    const peaks = Array.from({ length: 6 }, (_, channel) =>
      Math.max(...stored.values.filter((_, index) => index % 6 === channel).map(Math.abs)),
    );
    expect(peaks).toEqual([127, 127, 127, 127, 127, 127]);
  });

  it('keeps channels of zeros, and gives them a scale that is not nothing', () => {
    const tensor = { shape: [2, 3], data: Float32Array.of(1, 0, -4, -2, 0, 3) };
    expect(symmetricScales(tensor)).toEqual(Float32Array.of(2 / 127, 4 / 127 / 4096, 4 / 127));
    expect(asSigned(tensor).data[1]).toBe(0);
    expect(asSigned({ shape: [2], data: new Float32Array(2) }).data).toEqual(new Float32Array(2));
  });

  it.each([
    ['uint8', 255],
    ['uint16', 65535],
  ] as const)('spreads one scale over all values in %s, zero among them', (type, last) => {
    const shifted = { shape: kernel.shape, data: kernel.data.map((value) => value + 0.3) };
    const { data, stored } = asUnsigned(shifted, type);
    const [low, high] = [Math.min(...shifted.data), Math.max(...shifted.data)];
    expect(stored.scales[0]).toBe(Math.fround((high - low) / last));
    expect(largestError(data, shifted.data)).toBeLessThan(stored.scales[0]! * 1.01);
    expect(asUnsigned({ shape: [3], data: Float32Array.of(0, 2, 5) }, type).data[0]).toBe(0);
  });

  it('is rounded to half precision, or left alone where that cannot hold it', () => {
    const { data } = asHalves(kernel)!;
    expect(
      data.every((value, index) => Math.abs(value - kernel.data[index]!) <= Math.abs(value) / 2048),
    ).toBe(true);
    expect(asHalves({ shape: [1], data: Float32Array.of(1e5) })).toBeNull();
  });

  it('says what it takes', () => {
    expect(storedBytes(kernel)).toBe(4 * 216);
    expect(storedBytes(asHalves(kernel)!)).toBe(2 * 216);
    expect(storedBytes(asSigned(kernel))).toBe(216 + 4 * 6);
    expect(storedBytes(asUnsigned(kernel, 'uint16'))).toBe(2 * 216 + 4);
  });
});
