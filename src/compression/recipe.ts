import { canonicalText, textDigest } from '../network/canonical';
import type { Factorisation, Ranks } from '../network/layers';
import type { DrawnImages } from './draw';

/** What becomes of one layer. Every kind of compression of a layer is one member. */
export type LayerChoice =
  | { readonly kind: 'whole' }
  | { readonly kind: 'low-rank'; readonly factorisation: Factorisation; readonly rank: number };

/**
 * Re-fits the factors of cut layers, and whole layers behind them, by least squares on unlabelled images
 * (README, "How it works").
 */
export interface RepairStep {
  readonly kind: 'repair';
  /** Calibration images; no reported accuracy may come from them. */
  readonly images: DrawnImages;
  readonly seed: number;
}

/** Re-fits every cut layer by itself, as if it were the only one, on what the original network has there. */
export interface RefitStep {
  readonly kind: 'refit';
  readonly images: DrawnImages;
  readonly seed: number;
}

/** What is done to a network once its layers are chosen, in order. Every kind of step is one member. */
export type Step = RepairStep | RefitStep;

/**
 * The one statement of a compressed network: everything that decides what it computes, and nothing else. It is
 * plain data; {@link recipeKey} names it wherever something is known about it.
 */
export interface Recipe {
  /** Fingerprint of the original network. */
  readonly network: string;
  /** By layer name; a layer that is absent stays whole. */
  readonly layers: Readonly<Record<string, LayerChoice>>;
  readonly steps: readonly Step[];
}

/** The original network, untouched. */
export function originalRecipe(network: string): Recipe {
  return { network, layers: {}, steps: [] };
}

/**
 * A recipe of layers cut to some ranks.
 *
 * @param factorisationOf how each cut layer is split
 */
export function lowRankRecipe(
  network: string,
  ranks: Ranks,
  factorisationOf: (layer: string) => Factorisation,
): Recipe {
  const cut = Object.entries(ranks).flatMap(([layer, rank]): [string, LayerChoice][] =>
    rank === null ? [] : [[layer, { kind: 'low-rank', factorisation: factorisationOf(layer), rank }]],
  );
  return { network, layers: Object.fromEntries(cut), steps: [] };
}

/** The recipe with one more step at its end. */
export function withStep(recipe: Recipe, step: Step): Recipe {
  return { ...recipe, steps: [...recipe.steps, step] };
}

/** The recipe before its steps: the layers as they were chosen. */
export function withoutSteps(recipe: Recipe): Recipe {
  return { ...recipe, steps: [] };
}

/** The rank of every cut layer. */
export function ranksOf({ layers }: Recipe): Ranks {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([layer, choice]) =>
      choice.kind === 'low-rank' ? [[layer, choice.rank]] : [],
    ),
  );
}

/** Whether nothing is done to the network: every layer is whole, and steps find nothing to do. */
export function isOriginal({ layers }: Recipe): boolean {
  return Object.values(layers).every(({ kind }) => kind === 'whole');
}

/**
 * The one name of a compressed network: 32 hexadecimal digits that two recipes share exactly where they say the
 * same. The order in which layers are listed does not count, nor does a layer that is said to be whole; the order
 * of steps does.
 */
export function recipeKey(recipe: Recipe): string {
  const cut = Object.entries(recipe.layers).filter(([, { kind }]) => kind !== 'whole');
  const { network, steps } = recipe;
  return textDigest(canonicalText({ network, layers: Object.fromEntries(cut), steps }));
}
