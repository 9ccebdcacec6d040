import * as v from 'valibot';
import type { Curve } from '../enc/curve';
import type { LayerDescription, Ranks } from '../network/layers';
import { ownValue } from '../network/ownValue';
import { shortLayerName } from './numbers';

/** What layers can be put in order by, as the page calls it. */
export const layerOrders = {
  network: 'order in the network',
  name: 'name',
  macs: 'MACs',
  kept: 'share of MACs kept',
  rank: 'rank',
  loss: 'loss of quality',
} as const;
export type LayerOrder = keyof typeof layerOrders;

/** Schema of how the table of layers is looked at. */
export const layersViewSchema = v.strictObject({
  order: v.picklist(Object.keys(layerOrders) as LayerOrder[]),
  /** Against the order's own direction. */
  isReversed: v.boolean(),
  /** Whether layers stand under the block that they belong to. */
  isGrouped: v.boolean(),
  /** Blocks whose layers are put away: the name of each block's first layer. */
  folded: v.array(v.string()),
});

/** How the table of layers is looked at. */
export interface LayersView {
  readonly order: LayerOrder;
  readonly isReversed: boolean;
  readonly isGrouped: boolean;
  readonly folded: readonly string[];
}

/** In the network's order, without blocks. */
export const initialLayersView: LayersView = {
  order: 'network',
  isReversed: false,
  isGrouped: false,
  folded: [],
};

/** What follows from a plan: layers are ordered by it, and it changes while budgets are dragged. */
export interface LayerValues {
  /** A layer that is absent or null is whole. */
  readonly ranks: Ranks;
  readonly curves: ReadonlyMap<string, Curve>;
}

/** Layers of one block. */
export interface LayerBlock {
  /** Name of its first layer: tells blocks apart. */
  readonly id: string;
  readonly title: string;
  /** Those that are shown, in order. */
  readonly layers: readonly LayerDescription[];
}

/** MACs that layers take at their ranks. */
export function keptMacs(layers: readonly LayerDescription[], ranks: Ranks): number {
  return layers.reduce((sum, layer) => {
    const rank = rankOf(layer, ranks);
    return sum + (rank === null ? layer.macs : rank * layer.macsPerRank);
  }, 0);
}

/** Share of their quality that layers lose together at their ranks, by their curves: a prediction. */
export function lossOf(layers: readonly LayerDescription[], { ranks, curves }: LayerValues): number {
  const kept = layers.reduce((product, layer) => {
    const rank = rankOf(layer, ranks);
    return product * (rank === null ? 1 : (curves.get(layer.name)?.quality[rank - 1] ?? 1));
  }, 1);
  return 1 - kept;
}

function rankOf({ name }: LayerDescription, ranks: Ranks): number | null {
  return ownValue(ranks, name) ?? null;
}

/** Layers whose names hold every word of a text, in whatever case; all where there is none. */
export function foundLayers(layers: readonly LayerDescription[], text: string): readonly LayerDescription[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return layers.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * Layers in order: names from A to Z, numbers from the greatest to the least. What is alike stays in the network's
 * order.
 *
 * @param layers in network order
 */
export function orderedLayers(
  layers: readonly LayerDescription[],
  view: Pick<LayersView, 'order' | 'isReversed'>,
  values: LayerValues,
): readonly LayerDescription[] {
  return ordered(layers, view, {
    name: (layer) => shortLayerName(layer.name),
    value: (layer, order) => valueOf([layer], order, values),
  });
}

/**
 * Blocks in order, and the layers of each: by what the block has in all.
 *
 * @param shown layers to show, in network order; blocks without any are left out
 * @param blocks names of all layers of each block
 */
export function orderedBlocks(
  shown: readonly LayerDescription[],
  blocks: readonly (readonly string[])[],
  view: Pick<LayersView, 'order' | 'isReversed'>,
  values: LayerValues,
): readonly LayerBlock[] {
  const titles = blockTitles(blocks);
  const byName = new Map(shown.map((layer) => [layer.name, layer]));
  const grouped = blocks.flatMap((names, at): LayerBlock[] => {
    const own = names.flatMap((name) => byName.get(name) ?? []);
    if (own.length === 0) return [];
    return [{ id: names[0]!, title: titles[at]!, layers: orderedLayers(own, view, values) }];
  });
  return ordered(grouped, view, {
    name: ({ title }) => title,
    value: ({ layers }, order) => valueOf(layers, order, values),
  });
}

type Measured = Exclude<LayerOrder, 'network' | 'name'>;

function ordered<T>(
  all: readonly T[],
  { order, isReversed }: Pick<LayersView, 'order' | 'isReversed'>,
  of: { readonly name: (one: T) => string; readonly value: (one: T, order: Measured) => number },
): readonly T[] {
  if (order === 'network') return isReversed ? all.toReversed() : all;
  const sign = isReversed ? -1 : 1;
  if (order === 'name') return all.toSorted((a, b) => sign * naturally.compare(of.name(a), of.name(b)));
  const valued = all.map((one) => ({ one, value: of.value(one, order) }));
  return valued.sort((a, b) => sign * (b.value - a.value)).map(({ one }) => one);
}

function valueOf(layers: readonly LayerDescription[], order: Measured, values: LayerValues): number {
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  switch (order) {
    case 'macs':
      return macs;
    case 'kept':
      return keptMacs(layers, values.ranks) / Math.max(macs, 1);
    case 'rank':
      return layers.reduce((sum, layer) => sum + (rankOf(layer, values.ranks) ?? layer.rankFull), 0);
    case 'loss':
      return lossOf(layers, values);
  }
}

/** What the names of a block's layers begin with, where that is no other block's; else its number. */
function blockTitles(blocks: readonly (readonly string[])[]): readonly string[] {
  const beginnings = blocks.map(commonBeginning);
  return beginnings.map((beginning, at) => {
    const isOwn = beginning !== '' && beginnings.indexOf(beginning) === beginnings.lastIndexOf(beginning);
    return isOwn ? beginning : `Block ${at + 1}`;
  });
}

/** "layer1/0" of "/layer1/0/conv1/Conv" and "/layer1/0/conv2/Conv": whole parts of names only. */
function commonBeginning(names: readonly string[]): string {
  const parts = names.map((name) => shortLayerName(name).split('/'));
  const [first = []] = parts;
  let length = 0;
  while (length < first.length && parts.every((own) => own[length] === first[length])) length++;
  return first.slice(0, length).join('/');
}
