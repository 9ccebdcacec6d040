import { methods } from '../compression/methods';
import { recipeKey, type Recipe } from '../compression/recipe';
import { beforeDistilling, isDistilled } from './distilling';
import { imageParts } from './images';
import type { Measurement } from './measurement';
import { accuracyOf, measurementOf, originalMeasurement, presentRepair, type Accuracy } from './measurements';
import { originOf } from './origin';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** One point of the figure: accuracy of a method's plan against its MACs. */
export interface FigurePoint {
  readonly method: string;
  /** `recipeKey` of the network. */
  readonly recipe: string;
  /** Share of the original MACs. */
  readonly achieved: number;
  readonly accuracy: Accuracy;
  readonly isRepaired: boolean;
  /** Whether it was trained after its repair. */
  readonly isDistilled: boolean;
  /** Whether the method would still propose such plans: under earlier settings, curves or layers it did, and now may not. */
  readonly isPresent: boolean;
}

/** Everything measured so far that holds for the present network, images and preprocessing; what is present stands last. */
export const figurePoints = remembered(
  (state: ProjectState) => [
    state.document.measurements,
    state.network?.summary,
    ...methods.all.map(({ id }) => originOf(state, id)),
    imageParts(state),
    presentRepair(state),
  ],
  collectFigurePoints,
);

function collectFigurePoints(state: ProjectState): readonly FigurePoint[] {
  const uncut = originalMeasurement(state);
  const points = Object.values(state.document.measurements).flatMap((measurement) => {
    const recipe = shownRecipe(state, measurement);
    const accuracy = recipe && accuracyOf(measurement, uncut);
    if (!accuracy) return [];
    const { achieved, methods: proposing, under = [] } = measurement;
    const isRepaired = recipe.steps.length > 0;
    const isTrained = isDistilled(recipe);
    return proposing.map((method) => ({
      ...{ method, recipe: measurement.recipe, achieved, accuracy, isRepaired, isDistilled: isTrained },
      isPresent: under.includes(originOf(state, method)),
    }));
  });
  const order = ({ isPresent, isRepaired }: FigurePoint) => 2 * Number(isPresent) + Number(isRepaired);
  return points.sort((a, b) => order(a) - order(b));
}

/** The recipe of a measurement that is shown: of repaired ones those of the present repair. */
function shownRecipe(state: ProjectState, measurement: Measurement): Recipe | null {
  const recipe = state.document.recipes[measurement.recipe];
  if (!recipe || measurementOf(state, recipe) !== measurement) return null;
  if (recipe.steps.length === 0) return recipe;
  const present = presentRepair(state);
  const before = isDistilled(recipe) ? recipeKey(beforeDistilling(recipe)) : measurement.recipe;
  return present && recipeKey({ ...recipe, steps: [present] }) === before ? recipe : null;
}
