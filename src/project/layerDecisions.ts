import { isIncluded } from '../compression/inclusion';
import { heldLimits, type RankLimits } from '../enc/rankLimits';
import { usefulRanks } from '../enc/problem';
import type { LayerDescription } from '../network/layers';
import { alternativeOf } from './factorisations';
import type { FactorisationChoice, LayerFactorisations, LayerLimits, Settings } from './settings';
import type { ProjectState } from './state';
import { withSettings } from './transitions';
import { ownValue } from '../network/ownValue';

/** Ranks between which one layer is to stay. */
export type RankBounds = Pick<RankLimits, 'least' | 'most'>;

/** What is decided about a layer: methods choose its rank, it stays whole, it has one rank, or a range of them. */
export type LayerDecision =
  | { readonly kind: 'free' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'locked'; readonly rank: number }
  | { readonly kind: 'bounded'; readonly bounds: RankBounds };

/** The greatest rank at which a layer's factors are cheaper than the layer; 0 where there is none. */
export function greatestRank(layer: LayerDescription): number {
  return layer.kept === null ? (usefulRanks(layer).at(-1) ?? 0) : 0;
}

/** What is decided about a layer, by a person or, for layers that are kept by default, without one. */
export function decisionOf(
  { overrides, limits }: Pick<Settings, 'overrides' | 'limits'>,
  layer: LayerDescription,
): LayerDecision {
  if (!isIncluded(layer, overrides)) return { kind: 'whole' };
  // Split otherwise, a layer has other ranks than those that were named.
  const named = ownValue(limits, layer.name);
  const bounds = named ? heldLimits(named, greatestRank(layer)) : {};
  const { least, most } = bounds;
  if (least === undefined && most === undefined) return { kind: 'free' };
  return most !== undefined && least === most ? { kind: 'locked', rank: most } : { kind: 'bounded', bounds };
}

/** "locked at rank 24", "rank 8 to 32", "rank 8 or more", "rank 32 or less", "kept whole"; null where methods choose. */
export function decisionText(decision: LayerDecision): string | null {
  switch (decision.kind) {
    case 'free':
      return null;
    case 'whole':
      return 'kept whole';
    case 'locked':
      return `locked at rank ${decision.rank}`;
    case 'bounded':
      return boundsText(decision.bounds);
  }
}

function boundsText({ least, most }: RankBounds): string {
  if (most === undefined) return `rank ${least} or more`;
  return least === undefined ? `rank ${most} or less` : `rank ${least} to ${most}`;
}

/** Layers that are kept whole, whatever methods think of them; those that cannot be cut are so already. */
export function withLayersWhole<S extends ProjectState>(state: S, layers: readonly LayerDescription[]): S {
  return decided(state, layers.filter(isCuttable), () => ({ isCut: false, bounds: null }));
}

/** Layers whose ranks methods choose; those that cannot be cut stay as they are. */
export function withLayersFree<S extends ProjectState>(state: S, layers: readonly LayerDescription[]): S {
  return decided(state, layers.filter(isCuttable), () => ({ isCut: true, bounds: null }));
}

/**
 * Layers whose ranks stay within bounds, each held to the ranks at which it is cheaper than the whole layer; those
 * that cannot be cut stay as they are.
 *
 * @param boundsOf of each layer; null keeps it whole
 */
export function withLayersBounded<S extends ProjectState>(
  state: S,
  layers: readonly LayerDescription[],
  boundsOf: (layer: LayerDescription) => RankBounds | null,
): S {
  const bounded = layers.filter((layer) => isCuttable(layer) && greatestRank(layer) >= 1);
  return decided(state, bounded, (layer) => {
    const bounds = boundsOf(layer);
    return bounds
      ? { isCut: true, bounds: heldLimits(bounds, greatestRank(layer)) }
      : { isCut: false, bounds };
  });
}

/** Layers at one rank each; null keeps a layer whole. */
export function withLayersLocked<S extends ProjectState>(
  state: S,
  layers: readonly LayerDescription[],
  rankOf: (layer: LayerDescription) => number | null,
): S {
  return withLayersBounded(state, layers, (layer) => {
    const rank = rankOf(layer);
    return rank === null ? null : { least: rank, most: rank };
  });
}

/** Convolutions split as a person wants them; those that can be split in one way only stay as they are. */
export function withLayersSplit<S extends ProjectState>(
  state: S,
  layers: readonly LayerDescription[],
  choice: FactorisationChoice,
): S {
  const { network, document } = state;
  const { factorisations } = document.settings;
  const entries = new Map(Object.entries(factorisations));
  for (const { name } of layers) {
    if (!network || !alternativeOf(network, name)) continue;
    if (choice === 'spatial') entries.delete(name);
    else entries.set(name, choice);
  }
  return withSettings(state, { factorisations: kept<LayerFactorisations>(factorisations, entries) });
}

const isCuttable = ({ kept }: LayerDescription) => kept === null;

interface Decided {
  readonly isCut: boolean;
  readonly bounds: RankBounds | null;
}

/**
 * Writes decisions into the settings. What the defaults say already is not said again, and parts of the settings that
 * stay the same stay the same objects: much is worked out anew where they do not.
 */
function decided<S extends ProjectState>(
  state: S,
  layers: readonly LayerDescription[],
  of: (layer: LayerDescription) => Decided,
): S {
  const { overrides, limits } = state.document.settings;
  const [cuts, bounds] = [new Map(Object.entries(overrides)), new Map(Object.entries(limits))];
  for (const layer of layers) {
    const { isCut, bounds: own } = of(layer);
    if (isCut === (layer.keptByDefault === null)) cuts.delete(layer.name);
    else cuts.set(layer.name, isCut);
    if (own) bounds.set(layer.name, own);
    else bounds.delete(layer.name);
  }
  return withSettings(state, { overrides: kept(overrides, cuts), limits: kept<LayerLimits>(limits, bounds) });
}

/** The record itself where the entries are its own. */
function kept<T extends Readonly<Record<string, unknown>>>(
  record: T,
  entries: ReadonlyMap<string, T[string]>,
): T {
  const isSame =
    Object.keys(record).length === entries.size &&
    [...entries].every(([name, value]) => Object.hasOwn(record, name) && isEqual(record[name], value));
  return isSame ? record : (Object.fromEntries(entries) as T);
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
