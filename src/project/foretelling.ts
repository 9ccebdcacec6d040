import { qualitiesOf } from '../compression/methods/inputs';
import { recipeKey, type Recipe } from '../compression/recipe';
import { wholeQuality } from '../enc/curve';
import {
  foretellingFrom,
  type ForetoldAccuracy,
  type Foretelling,
  type SeenAccuracy,
} from '../enc/foretelling';
import { imageParts } from './images';
import { accuracyOf, measurementOf, originalMeasurement, presentRepair } from './measurements';
import { plannerOf } from './planning';
import { choicesOfRecipe, type PlannedMethod } from './plans';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** Whether a network is as it was cut, or went through the present repair. */
export type Stage = 'cut' | 'repaired';

/** Per stage; null where nothing can be foretold. */
type Foretellings = Readonly<Record<Stage, Foretelling | null>>;

/**
 * How accuracy follows from what the present curves say of whole networks, by everything that was measured in the
 * session on the present report images, whatever setting it was proposed under: what it reached is a fact.
 */
export const foretellings = remembered(
  (state: ProjectState) => [
    state.document.measurements,
    plannerOf(state),
    imageParts(state),
    presentRepair(state),
  ],
  (state): Foretellings => ({ cut: fitOf(state, 'cut'), repaired: fitOf(state, 'repaired') }),
);

function fitOf(state: ProjectState, stage: Stage): Foretelling | null {
  const planner = plannerOf(state);
  const original = originalMeasurement(state);
  if (!planner?.isComplete || !original) return null;
  const { recipes, measurements } = state.document;
  const seen = Object.values(measurements).flatMap((measurement): SeenAccuracy[] => {
    const recipe = recipes[measurement.recipe];
    if (!recipe || !isAt(state, stage, recipe) || measurementOf(state, recipe) !== measurement) return [];
    const choices = choicesOfRecipe(planner, recipe);
    const accuracy = accuracyOf(measurement, original);
    if (!choices || !accuracy) return [];
    const damage = damageOf(
      wholeQuality(qualitiesOf(planner.problem, planner.inputs, planner.cost), choices),
    );
    return damage > 0 ? [{ damage, correct: accuracy.successes, images: accuracy.images }] : [];
  });
  const correct = original.top1 ?? original.count;
  return foretellingFrom(seen, { correct, images: original.count });
}

function isAt(state: ProjectState, stage: Stage, recipe: Recipe): boolean {
  if (stage === 'cut') return recipe.steps.length === 0;
  const present = presentRepair(state);
  return present !== null && recipeKey({ ...recipe, steps: [present] }) === recipeKey(recipe);
}

/** −ln of a quality: of whole networks it is a sum over layers. */
function damageOf(quality: number): number {
  return -Math.log(quality);
}

/** The accuracy that is foretold of a plan at a stage, by what was measured; null where too little was. */
export function foretold(
  state: ProjectState,
  { predicted }: Pick<PlannedMethod, 'predicted'>,
  stage: Stage,
): ForetoldAccuracy | null {
  const fit = foretellings(state)[stage];
  return fit === null || predicted === null ? null : fit.at(damageOf(predicted));
}
