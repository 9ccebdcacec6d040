import type { Tensor } from '../../network/graph';

/** Outputs that the matrix kernels compute together: fewer cost as much. */
const outputTile = 8;
/** What cutting out and joining one channel of one pixel costs, in multiply-accumulates (measured on WebAssembly). */
const copyCost = 40;

/**
 * Whether a grouped convolution is cheaper as one convolution whose kernel is zero between groups than as one
 * convolution per group with the channels cut apart and joined.
 *
 * @param kernel [D_h, D_w, I / groups, O]
 */
export function blocksPay(kernel: Tensor, groups: number): boolean {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = kernel.shape;
  const tiled = (count: number) => Math.ceil(count / outputTile) * outputTile;
  const taps = height * width * inputs;
  const whole = taps * groups * tiled(outputs);
  const apart = taps * groups * tiled(outputs / groups) + copyCost * (inputs * groups + outputs);
  return whole <= apart;
}

/** The kernel [D_h, D_w, I, O] that computes all groups at once, zero between them. */
export function blockDiagonal({ shape, data }: Tensor, groups: number): Tensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
  const perGroup = outputs / groups;
  const blocks = new Float32Array(data.length * groups);
  for (let tap = 0; tap < height * width; tap++) {
    for (let i = 0; i < inputs * groups; i++) {
      const first = Math.floor(i / inputs) * perGroup;
      const from = (tap * inputs + (i % inputs)) * outputs + first;
      const to = (tap * inputs * groups + i) * outputs + first;
      blocks.set(data.subarray(from, from + perGroup), to);
    }
  }
  return { shape: [height, width, inputs * groups, outputs], data: blocks };
}

/** The kernels [D_h, D_w, I / groups, O / groups] of the groups. */
export function groupKernels({ shape, data }: Tensor, groups: number): readonly Tensor[] {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
  const perGroup = outputs / groups;
  const rows = height * width * inputs;
  return Array.from({ length: groups }, (_, group) => {
    const part = new Float32Array(rows * perGroup);
    for (let row = 0; row < rows; row++) {
      const from = row * outputs + group * perGroup;
      part.set(data.subarray(from, from + perGroup), row * perGroup);
    }
    return { shape: [height, width, inputs, perGroup], data: part };
  });
}
