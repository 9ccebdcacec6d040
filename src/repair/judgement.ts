/** Mean Kullback–Leibler divergence of the two networks from the original on calibration images, in nats. */
export interface RepairDivergence {
  readonly truncated: number;
  readonly repaired: number;
}

/** The divergence of each image. */
export interface ImageDivergences {
  readonly truncated: Float64Array;
  readonly repaired: Float64Array;
}

/** The means over all images of some runs, added up in their order. */
export function meanOf(parts: readonly ImageDivergences[]): RepairDivergence {
  const mean = (which: keyof ImageDivergences) => {
    const all = parts.flatMap((part) => [...part[which]]);
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  return { truncated: mean('truncated'), repaired: mean('repaired') };
}

/**
 * Whether the repaired network is closer to the original than the truncated one is. The images have been fitted, so this
 * guards against errors that grow from layer to layer; against fits of chance, each layer's held-back samples do.
 */
export function helped({ truncated, repaired }: RepairDivergence): boolean {
  return repaired < truncated;
}
