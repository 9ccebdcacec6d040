import type { Scores } from '../../src/answers/scores';
import type { Recipe } from '../../src/compression/recipe';
import { runKind, type RunSpec } from './kinds';
import type { ImageSelection } from './selection';

/** The network's answers, in the order of the selection: images × classes scores as the network gives them. */
export interface Answers extends Scores {
  readonly images: number;
}

/** Runs a network on images. */
export interface EvaluateSpec extends RunSpec {
  /** @property isResult whether the answers are shown as the network's: ones that are no numbers are refused then */
  readonly task: {
    readonly recipe: Recipe;
    readonly selection: ImageSelection;
    readonly isResult?: boolean;
  };
  readonly event: never;
  readonly result: Answers;
}

export const evaluateKind = runKind<EvaluateSpec>('evaluate');
