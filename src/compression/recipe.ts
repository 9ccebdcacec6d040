import { canonicalText, textKey } from '../network/canonical';
import type { Factorisation, Ranks } from '../network/layers';
import { steps as stepKinds } from './steps';
import type { Step } from './steps/step';

export type { Step };

/** What becomes of one layer. Every kind of compression of a layer is one member. */
export type LayerChoice =
  | { readonly kind: 'whole' }
  | { readonly kind: 'low-rank'; readonly factorisation: Factorisation; readonly rank: number };

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
  // Not by assignment: a layer may be called __proto__.
  const choices = Object.entries(ranks).flatMap(([layer, rank]): [string, LayerChoice][] =>
    rank === null ? [] : [[layer, lowRankChoice(factorisationOf(layer), rank)]],
  );
  return { network, layers: Object.fromEntries(choices), steps: [] };
}

/** The same object for the same choice, so that its text is worked out once. */
function lowRankChoice(factorisation: Factorisation, rank: number): LayerChoice {
  const ofKind = lowRankChoices[factorisation];
  return (ofKind[rank] ??= { kind: 'low-rank', factorisation, rank });
}

const lowRankChoices: Readonly<Record<Factorisation, LayerChoice[]>> = {
  spatial: [],
  channel: [],
  dense: [],
};

/** The recipe with one more step at its end. */
export function withStep(recipe: Recipe, step: Step): Recipe {
  return { ...recipe, steps: [...recipe.steps, step] };
}

/** The recipe before its steps: the layers as they were chosen. */
export function withoutSteps(recipe: Recipe): Recipe {
  return recipe.steps.length === 0 ? recipe : { ...recipe, steps: [] };
}

/** The rank of every cut layer. */
export function ranksOf({ layers }: Recipe): Ranks {
  return Object.fromEntries(
    Object.entries(layers).flatMap(([layer, choice]) =>
      choice.kind === 'low-rank' ? [[layer, choice.rank]] : [],
    ),
  );
}

/** Whether nothing is done to the network: every layer is whole, and the steps find nothing to do. */
export function isOriginal({ layers, steps }: Recipe): boolean {
  return isUncut(layers) && !steps.some(isForWhole);
}

/** Whether every layer is whole. */
export function isUncut(layers: Recipe['layers']): boolean {
  return Object.values(layers).every(({ kind }) => kind === 'whole');
}

function isForWhole({ kind }: Step): boolean {
  return stepKinds.find(kind)?.isForWhole === true;
}

/**
 * The one name of a compressed network: 32 hexadecimal digits that two recipes share exactly where they say the
 * same. The order in which layers are listed does not count, nor does a layer that is said to be whole; the order
 * of steps does. Of a network of which nothing is cut, steps that find nothing to do then do not count.
 */
export function recipeKey(recipe: Recipe): string {
  const known = keys.get(recipe);
  if (known !== undefined) return known;
  const key = textKey(recipeText(recipe));
  keys.set(recipe, key);
  return key;
}

/** Canonical JSON of a recipe. Put together by hand, because a key is wanted for every plan in every frame of a drag. */
function recipeText({ network, layers, steps }: Recipe): string {
  const cut = Object.keys(layers).filter((layer) => layers[layer].kind !== 'whole');
  const choices = cut.sort().map((layer) => `${JSON.stringify(layer)}:${textOf(layers[layer])}`);
  const done = (cut.length === 0 ? steps.filter(isForWhole) : steps).map(textOf);
  return `{"layers":{${choices.join()}},"network":${JSON.stringify(network)},"steps":[${done.join()}]}`;
}

function textOf(part: LayerChoice | Step): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = canonicalText(part);
  texts.set(part, text);
  return text;
}

/** What a recipe is made of is never written to. */
const keys = new WeakMap<Recipe, string>();
const texts = new WeakMap<LayerChoice | Step, string>();
