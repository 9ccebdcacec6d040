import { choiceQualities, type Curve } from './curve';
import { leavingLevels, levelLadder, type LevelLadder } from './levels';
import type { SelectionProblem } from './problem';

/**
 * Ladder of ENC-Map (paper, section 4.1): every layer pays the same loss of quality. `planAtTarget` reads the
 * plan of any target off it.
 */
export function encMapLadder(problem: SelectionProblem, curves: ReadonlyMap<string, Curve>): LevelLadder {
  return levelLadder(problem, leavingLevels(choiceQualities(problem, curves)));
}
