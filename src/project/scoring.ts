import { countCorrect } from '../answers/correct';
import { topClass } from '../answers/topClasses';
import { recipeKey, type Recipe } from '../compression/recipe';
import type { Answers } from '../../workers/protocol/evaluate';
import type { ImagePart } from './images';
import { imagesKey, type Measurement } from './measurement';

/**
 * What answers say about a recipe.
 *
 * @param on the images that it ran on, in the order of the answers
 * @param achieved share of the original MACs
 * @param methods that proposed it
 */
export function scoredMeasurement(
  recipe: Recipe,
  on: ImagePart,
  answers: Answers,
  achieved: number,
  methods: readonly string[],
): Measurement {
  const { labels } = on;
  const correct = labels && countCorrect(answers, labels);
  return {
    recipe: recipeKey(recipe),
    images: imagesKey(on.drawn),
    achieved,
    count: answers.images,
    top1: correct?.top1 ?? null,
    top5: correct?.top5 ?? null,
    answers: [...topClass(answers)],
    methods,
  };
}
