import * as v from 'valibot';
import { countAgreeing } from '../answers/agreement';
import type { DrawnImages } from '../compression/draw';
import { recipeKey, type Recipe } from '../compression/recipe';
import { canonicalKey } from '../network/canonical';
import { finite, whole } from './schemas';
import { methodId } from './settings';

/** Schema of a measurement. */
export const measurementSchema = v.object({
  /** Key of the recipe that was run. */
  recipe: v.string(),
  /** Key of the images that it ran on ({@link imagesKey}). */
  images: v.string(),
  /** Share of the original MACs. */
  achieved: v.pipe(finite, v.minValue(0)),
  /** Number of images. */
  count: whole,
  /** Images answered right at the first try; null without labels. */
  top1: v.nullable(whole),
  /** Images whose label is among the five highest scores; null without labels. */
  top5: v.nullable(whole),
  /** The class with the highest score, per image; −1 where no score is a number. */
  answers: v.array(v.pipe(v.number(), v.safeInteger('expected a whole number'), v.minValue(-1))),
  /** Methods that proposed these ranks. */
  methods: v.array(methodId),
  /** What each of them followed from when it proposed them; absent in documents from before that was noted. */
  under: v.exactOptional(v.array(v.string())),
});

/** What running one recipe on some images gave. */
export interface Measurement {
  readonly recipe: string;
  readonly images: string;
  readonly achieved: number;
  readonly count: number;
  readonly top1: number | null;
  readonly top5: number | null;
  readonly answers: readonly number[];
  readonly methods: readonly string[];
  /** `originOf` each method, at every time that it proposed these ranks. */
  readonly under?: readonly string[];
}

/** Names some images of a set together with how their pixels become the input. */
export function imagesKey(images: DrawnImages): string {
  const known = keys.get(images);
  if (known !== undefined) return known;
  const key = canonicalKey(images);
  keys.set(images, key);
  return key;
}

const keys = new WeakMap<DrawnImages, string>();

/** The name of what was, or would be, seen of a recipe on some images. */
export function measurementKey(recipe: Recipe, images: DrawnImages): string {
  return joinedKey(recipeKey(recipe), imagesKey(images));
}

/** The same of the two keys. */
export function joinedKey(recipe: string, images: string): string {
  return `${recipe}@${images}`;
}

/** Number of images that two runs answered alike. */
export function countAgreement(a: Measurement, b: Measurement): number {
  return countAgreeing(a.answers, b.answers);
}
