/** Patches of a layer and what it should answer to them, for some images. Rows are the same in all arrays. */
export interface SampleBlock {
  readonly rows: number;
  /** One array per group, rows × patchSize. */
  readonly patches: readonly Float32Array[];
  /** rows × outputChannels: gain · output + offset of the original, corrected by what the residual lacks. */
  readonly targets: Float32Array;
  /** rows × outputChannels of the compressed network, or null where nothing is added. */
  readonly residual: Float32Array | null;
}

/** A layer's samples of one part of the images: what fits may see, and what chooses between them. */
export interface PartSamples {
  readonly fitted: readonly SampleBlock[];
  readonly heldBack: readonly SampleBlock[];
}

/** The columns of one group in rows of all channels. */
export function groupColumns(
  rows: Float32Array,
  channels: number,
  group: number,
  outputs: number,
): Float32Array {
  if (outputs === channels) return rows;
  const count = rows.length / channels;
  const part = new Float32Array(count * outputs);
  for (let row = 0; row < count; row++) {
    const from = row * channels + group * outputs;
    part.set(rows.subarray(from, from + outputs), row * outputs);
  }
  return part;
}
