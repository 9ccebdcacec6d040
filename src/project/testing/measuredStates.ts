import { lowRankRecipe, recipeKey, type Recipe } from '../../compression/recipe';
import type { Ranks } from '../../network/layers';
import { imageParts } from '../images';
import { imagesKey, type Measurement } from '../measurement';
import type { ProjectState } from '../state';
import { withMeasurement } from '../foundTransitions';
import { network } from './states';

/** The tests' network with some layers cut. */
export function recipeOf(ranks: Ranks): Recipe {
  return lowRankRecipe(network.fingerprint, ranks, () => 'spatial');
}

/** The state after a recipe ran on the present report images: right on three of four, unless that is changed. */
export function withMeasured<S extends ProjectState>(
  state: S,
  recipe: Recipe,
  change: Partial<Measurement> = {},
): S {
  return withMeasurement(state, recipe, {
    recipe: recipeKey(recipe),
    images: imagesKey(imageParts(state)!.report.drawn),
    achieved: 1,
    count: 4,
    top1: 3,
    top5: 4,
    answers: [0, 1, 1, 1],
    methods: [],
    ...change,
  });
}
