import type { NetworkDrawing } from './drawing';

/**
 * A network's layers in the blocks that it is built of: between the places that every way from the image to the classes
 * passes and where ways part or come together, or pictures shrink. What a branch skips is in the block of the branch.
 *
 * @returns names of the layers of each block, all in network order; no block is empty
 */
export function blocksOf({ nodes }: Pick<NetworkDrawing, 'nodes'>): readonly (readonly string[])[] {
  const blocks: string[][] = [[]];
  /** The farthest node that reads one of those before. */
  const lastReader = new Map<number, number>();
  const readers = new Map<number, number>();
  nodes.forEach(({ from }, at) => {
    // One that reads the image beside others leads around all that stand between.
    for (const source of from.length === 0 ? [-1] : from) {
      lastReader.set(source, at);
      readers.set(source, (readers.get(source) ?? 0) + 1);
    }
  });
  let farthest = lastReader.get(-1) ?? -1;
  nodes.forEach(({ name, kind }, at) => {
    if (kind === 'layer') blocks.at(-1)!.push(name);
    const isPassedByAll = farthest <= at;
    farthest = Math.max(farthest, lastReader.get(at) ?? -1);
    const isEdge = kind !== 'layer' || (readers.get(at) ?? 0) > 1;
    if (isPassedByAll && isEdge) blocks.push([]);
  });
  return blocks.filter((layers) => layers.length > 0);
}
