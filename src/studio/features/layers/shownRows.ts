import type { LayerDescription } from '../../../network/layers';
import {
  foundLayers,
  orderedBlocks,
  orderedLayers,
  type LayerBlock,
  type LayersView,
  type LayerValues,
} from '../../../project/layerOrder';

/** A line of the table: a layer, or the heading over the layers of a block. */
export type ShownRow =
  | { readonly kind: 'layer'; readonly layer: LayerDescription }
  | { readonly kind: 'block'; readonly block: LayerBlock; readonly isFolded: boolean };

/** What the table goes by. */
export interface ShownBy {
  readonly view: LayersView;
  /** Words of names that are looked for; empty for all. */
  readonly search: string;
  /** Names of the layers of each block; null where blocks are not known. */
  readonly blocks: readonly (readonly string[])[] | null;
  readonly values: LayerValues;
}

/**
 * The lines of the table in their order. What is looked for is shown also where its block is folded.
 *
 * @param layers in network order
 */
export function shownRows(
  layers: readonly LayerDescription[],
  { view, search, blocks, values }: ShownBy,
): readonly ShownRow[] {
  const found = foundLayers(layers, search);
  const rowOf = (layer: LayerDescription): ShownRow => ({ kind: 'layer', layer });
  if (!view.isGrouped || !blocks) return orderedLayers(found, view, values).map(rowOf);
  const isSearching = found.length < layers.length;
  return orderedBlocks(found, blocks, view, values).flatMap((block) => {
    const isFolded = view.folded.includes(block.id) && !isSearching;
    return [{ kind: 'block', block, isFolded } as const, ...(isFolded ? [] : block.layers.map(rowOf))];
  });
}

/** Names of the layers that are shown, in their order. */
export function layersOf(rows: readonly ShownRow[]): readonly string[] {
  return rows.flatMap((row) => (row.kind === 'layer' ? [row.layer.name] : []));
}

/** Tells lines apart. */
export function rowKey(row: ShownRow): string {
  return row.kind === 'layer' ? `layer ${row.layer.name}` : `block ${row.block.id}`;
}
