/** A run of consecutive positions of a list. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a list into chunks for several threads: several per thread, so that a slow thread does not hold up the
 * end, each a whole number of batches, so that every image runs in a batch of the same size.
 */
export function chunksOf(count: number, threads: number, batch: number): Chunk[] {
  const perThread = threads === 1 ? count : count / (threads * 4);
  const size = Math.max(batch, Math.ceil(perThread / batch) * batch);
  const chunks: Chunk[] = [];
  for (let from = 0; from < count; from += size) chunks.push({ from, to: Math.min(from + size, count) });
  return chunks;
}
