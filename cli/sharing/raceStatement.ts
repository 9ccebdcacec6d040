import * as v from 'valibot';
import type { DrawnImages } from '../../src/compression/draw';
import { isOriginal, originalRecipe, recipeKey, type Recipe } from '../../src/compression/recipe';
import { pieceRuns } from '../../src/enc/sweep/schedule';
import { drawnImages, recipeSchema } from '../../src/project/documentText';
import { imagesKey } from '../../src/project/measurement';
import { finite, whole } from '../../src/project/schemas';
import type { Statement, StatementKind } from '../../src/project/sharing/statement';
import { unitKind } from '../../src/project/sharing/units';

/** A plan in a shared race. */
export interface SharedRacer {
  readonly recipe: Recipe;
  readonly isSeeded: boolean;
  /** The method that proposed it. */
  readonly method: string;
  readonly achieved: number;
}

/** What decides a shared race, beside network and images. */
export interface RaceAbout {
  readonly method: string;
  readonly target: number;
  readonly selection: DrawnImages;
  readonly racers: readonly SharedRacer[];
  /** The class of every selection image; null where the original network's answer stands for it. */
  readonly labels: readonly number[] | null;
  readonly firstBatch: number;
}

export type RaceStatement = Statement<RaceAbout>;

/** A class; −1 where no score was a number. */
const answer = v.pipe(v.number(), v.safeInteger('expected a whole number'), v.minValue(-1));

/** A race of plans. */
export const raceStatement: StatementKind<RaceAbout> = {
  id: 'race',
  about: v.strictObject({
    method: v.string(),
    target: finite,
    selection: drawnImages,
    racers: v.array(
      v.strictObject({ recipe: recipeSchema, isSeeded: v.boolean(), method: v.string(), achieved: finite }),
    ),
    labels: v.nullable(v.array(answer)),
    firstBatch: whole,
  }),
};

/** A network on a run of the selection images. */
export interface AnswersItem {
  /** `recipeKey`. */
  readonly recipe: string;
  readonly from: number;
  readonly to: number;
}

/** What a network answered: the class with the highest score per image. Its `of` names the images. */
export const answersUnit = unitKind<AnswersItem, readonly number[]>(
  'answers',
  v.strictObject({ recipe: v.string(), from: whole, to: whole }),
  v.array(answer),
);

/** The `of` of a race's units. */
export function racedImages({ about }: RaceStatement): string {
  return imagesKey(about.selection);
}

/** Every network of a race once, each on every piece of the images; without labels the original first. */
export function raceUnits({
  about,
  network,
  images,
}: RaceStatement): readonly (AnswersItem & { readonly of: Recipe })[] {
  const own = about.racers.map(({ recipe }) => recipe);
  const all = about.labels ? own : [originalRecipe(network.fingerprint), ...own];
  const distinct = new Map(all.map((recipe) => [recipeKey(recipe), recipe]));
  return [...distinct].flatMap(([recipe, of]) =>
    pieceRuns(0, images.count).map((run) => ({ recipe, of, ...run })),
  );
}

/** Share of the original's MACs of one of a race's networks. */
export function achievedOf({ about }: RaceStatement, recipe: Recipe): number {
  if (isOriginal(recipe)) return 1;
  const key = recipeKey(recipe);
  return about.racers.find((racer) => recipeKey(racer.recipe) === key)?.achieved ?? 1;
}
