import type { Random } from '../linalg/random';
import { patchSize } from './regression/regression';
import type { PatchGeometry } from './geometry';

/** Output positions of some images: `perImage` distinct ones for each, in image order. */
export function samplePositions(
  random: Random,
  images: number,
  positions: number,
  perImage: number,
): Uint32Array {
  const order = Uint32Array.from({ length: positions }, (_, position) => position);
  const chosen = new Uint32Array(images * perImage);
  for (let image = 0; image < images; image++) {
    for (let index = 0; index < perImage; index++) {
      const other = index + random.integer(positions - index);
      [order[index], order[other]] = [order[other]!, order[index]!];
    }
    chosen.set(order.subarray(0, perImage), image * perImage);
  }
  return chosen;
}

/**
 * Copies the patches of one group out of a batch of layer inputs, a row for each position, in the order of
 * `PatchLayout`; taps on the padding are zeros.
 *
 * @param values images × inputSize
 * @param positions the same number for each image
 * @param patches positions × patchSize, to be written over; a new array unless given
 * @returns the patches
 */
export function gatherPatches(
  geometry: PatchGeometry,
  group: number,
  values: Float32Array,
  positions: Uint32Array,
  patches: Float32Array = new Float32Array(positions.length * patchSize(geometry.layout)),
): Float32Array {
  const { layout, inputSize } = geometry;
  const taps = layout.firstTaps * layout.secondTaps;
  const { inputs } = layout;
  const starts = new Int32Array(taps);
  const size = patchSize(layout);
  const perImage = positions.length / (values.length / inputSize);
  for (let row = 0; row < positions.length; row++) {
    const image = Math.floor(row / perImage) * inputSize;
    geometry.tapStarts(positions[row]!, starts);
    for (let tap = 0; tap < taps; tap++) {
      const to = row * size + tap * inputs;
      if (starts[tap]! < 0) {
        patches.fill(0, to, to + inputs);
        continue;
      }
      const from = image + starts[tap]! + group * inputs;
      for (let channel = 0; channel < inputs; channel++) patches[to + channel] = values[from + channel]!;
    }
  }
  return patches;
}

/**
 * Copies the layer's outputs (or any values of its output shape) at some positions.
 *
 * @returns positions × outputChannels
 */
export function gatherOutputs(
  { outputSize, outputChannels }: PatchGeometry,
  values: Float32Array,
  positions: Uint32Array,
): Float32Array {
  const perImage = positions.length / (values.length / outputSize);
  const rows = new Float32Array(positions.length * outputChannels);
  positions.forEach((position, row) => {
    const from = Math.floor(row / perImage) * outputSize + position * outputChannels;
    rows.set(values.subarray(from, from + outputChannels), row * outputChannels);
  });
  return rows;
}
