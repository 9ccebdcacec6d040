import { isIncluded } from '../compression/inclusion';
import { heldLimits, type RankLimits } from '../enc/rankLimits';
import { usefulRanks } from '../enc/problem';
import type { LayerDescription } from '../network/layers';
import { alternativeOf } from './factorisations';
import type { FactorisationChoice, LayerFactorisations, LayerLimits, Settings } from './settings';
import { multipleText } from './settingTexts';
import type { ProjectState } from './state';
import { withSettings } from './transitions';
import { ownValue } from '../network/ownValue';

/** Ranks between which one layer is to stay. */
export type RankBounds = Pick<RankLimits, 'least' | 'most'>;

/** What a layer's ranks are multiples of in place of all others'; absent where they are as all. */
export type OwnMultiple = Pick<RankLimits, 'multiple'>;

/** What is decided about a layer: methods choose its rank, it stays whole, it has one rank, or a range of them. */
export type LayerDecision =
  | ({ readonly kind: 'free' } & OwnMultiple)
  | { readonly kind: 'whole' }
  | { readonly kind: 'locked'; readonly rank: number }
  | ({ readonly kind: 'bounded'; readonly bounds: RankBounds } & OwnMultiple);

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
  const { multiple, ...bounds } = named ? heldLimits(named, greatestRank(layer)) : {};
  const { least, most } = bounds;
  if (most !== undefined && least === most) return { kind: 'locked', rank: most };
  const own = multiple === undefined ? {} : { multiple };
  if (least === undefined && most === undefined) return { kind: 'free', ...own };
  return { kind: 'bounded', bounds, ...own };
}

/**
 * "locked at rank 24", "rank 8 to 32", "rank 8 or more, multiples of 4", "rank 32 or less", "multiples of 4", "kept
 * whole"; null where methods choose as they do for all layers.
 */
export function decisionText(decision: LayerDecision): string | null {
  switch (decision.kind) {
    case 'free':
      return decision.multiple === undefined ? null : multipleText(decision.multiple);
    case 'whole':
      return 'kept whole';
    case 'locked':
      return `locked at rank ${decision.rank}`;
    case 'bounded':
      return [boundsText(decision.bounds), ...ownMultipleTexts(decision)].join(', ');
  }
}

const ownMultipleTexts = ({ multiple }: OwnMultiple) =>
  multiple === undefined ? [] : [multipleText(multiple)];

function boundsText({ least, most }: RankBounds): string {
  if (most === undefined) return `rank ${least} or more`;
  return least === undefined ? `rank ${most} or less` : `rank ${least} to ${most}`;
}

/** Layers that are kept whole, whatever methods think of them; those that cannot be cut are so already. */
export function withLayersWhole<S extends ProjectState>(state: S, layers: readonly LayerDescription[]): S {
  return decided(state, layers.filter(isCuttable), () => ({ isCut: false, limits: {} }));
}

/** Layers whose ranks methods choose, of the multiples that were asked for; those that cannot be cut stay as they are. */
export function withLayersFree<S extends ProjectState>(state: S, layers: readonly LayerDescription[]): S {
  const multipleOf = ownMultiples(state);
  return decided(state, layers.filter(isCuttable), (layer) => ({ isCut: true, limits: multipleOf(layer) }));
}

/** What is decided about the multiples of layers' ranks. A rank that is fixed is none's. */
function ownMultiples({ document: { settings } }: ProjectState): (layer: LayerDescription) => OwnMultiple {
  return (layer) => {
    const decision = decisionOf(settings, layer);
    const multiple = canHaveMultiple(decision) ? ownValue(settings.limits, layer.name)?.multiple : undefined;
    return multiple === undefined ? {} : { multiple };
  };
}

/**
 * Layers whose ranks are multiples of one number in place of what all others' are. Those that are whole, cannot be cut
 * or have one rank stay as they are.
 *
 * @param multiple null for what all others' are multiples of
 */
export function withLayersMultiple<S extends ProjectState>(
  state: S,
  layers: readonly LayerDescription[],
  multiple: number | null,
): S {
  const { settings } = state.document;
  const own = multiple === null ? {} : { multiple };
  const able = layers.filter((layer) => canHaveMultiple(decisionOf(settings, layer)) && isCuttable(layer));
  return decided(state, able, (layer) => {
    const { least, most } = ownValue(settings.limits, layer.name) ?? {};
    const bounds = { ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) };
    return { isCut: true, limits: { ...bounds, ...own } };
  });
}

/** Whether there are several ranks to choose from. */
export function canHaveMultiple({ kind }: LayerDecision): boolean {
  return kind === 'free' || kind === 'bounded';
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
  const multipleOf = ownMultiples(state);
  return decided(state, bounded, (layer) => {
    const bounds = boundsOf(layer);
    if (!bounds) return { isCut: false, limits: {} };
    const held = heldLimits(bounds, greatestRank(layer));
    const isLocked = held.least !== undefined && held.least === held.most;
    return { isCut: true, limits: { ...held, ...(isLocked ? {} : multipleOf(layer)) } };
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
  /** Empty where nothing is decided. */
  readonly limits: RankLimits;
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
  const [cuts, limited] = [new Map(Object.entries(overrides)), new Map(Object.entries(limits))];
  for (const layer of layers) {
    const { isCut, limits: own } = of(layer);
    if (isCut === (layer.keptByDefault === null)) cuts.delete(layer.name);
    else cuts.set(layer.name, isCut);
    if (Object.keys(own).length > 0) limited.set(layer.name, own);
    else limited.delete(layer.name);
  }
  return withSettings(state, {
    overrides: kept(overrides, cuts),
    limits: kept<LayerLimits>(limits, limited),
  });
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
