import { isOriginal, recipeKey, type Recipe } from '../../compression/recipe';
import { repair as repairStepKind } from '../../compression/steps/repair';
import { unwrap, type Outcome } from '../../network/failure';
import type { TaskTools } from '../background';
import { repaired } from './repair';

/**
 * Runs what needs a recipe's network, which is repaired before, where the recipe says so and threads do not know it, or
 * no longer do: they keep the last repairs alone.
 */
export async function onRepaired<T>(
  recipe: Recipe,
  tools: TaskTools,
  run: () => Promise<Outcome<T>>,
): Promise<T> {
  if (!isRepaired(recipe)) return unwrap(await run());
  if (!tools.getState().heldRepairs[recipeKey(recipe)]) await repaired(recipe, tools);
  const answer = await run();
  if (answer.ok || answer.failure.code !== 'step-unknown') return unwrap(answer);
  await repaired(recipe, tools);
  return unwrap(await run());
}

function isRepaired(recipe: Recipe): boolean {
  return !isOriginal(recipe) && recipe.steps.some(({ kind }) => kind === repairStepKind.id);
}
