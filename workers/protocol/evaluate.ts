import type { Scores } from '../../src/answers/scores';
import type { Recipe } from '../../src/compression/recipe';
import { runKind, type RunSpec } from './kinds';
import type { ImageSelection } from './selection';

/** The network's answers, in the order of the selection: images × classes scores as the network gives them. */
export interface Answers extends Scores {
  readonly images: number;
}

/**
 * What becomes of values that are no numbers, in the answers or hidden behind a step that takes them for a bound:
 * - `refused`: the run fails with the layer's name, as whatever is shown as a result must. One image is looked at value
 *   by value.
 * - `unanswered`: a network that is compared with others has no answers then. Values are looked at only where something
 *   suggests it, since every one of many networks would have to be.
 * - `ignored`: what is tried may be wrong. Answers that are no numbers are wrong ones then.
 */
export type NotNumbers = 'refused' | 'unanswered' | 'ignored';

/** Runs a network on images. */
export interface EvaluateSpec extends RunSpec {
  /**
   * @property notNumbers refused where absent, so that nobody forgets it
   * @property witness the image that is looked at value by value; the first of the selection where absent
   */
  readonly task: {
    readonly recipe: Recipe;
    readonly selection: ImageSelection;
    readonly notNumbers?: NotNumbers;
    readonly witness?: number | undefined;
  };
  readonly event: never;
  readonly result: Answers;
}

export const evaluateKind = runKind<EvaluateSpec>('evaluate');
