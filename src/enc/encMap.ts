import type { CostName } from './costs';
import { choiceQualities, type Curve } from './curve';
import { leavingLevels, levelLadder, withRankFloor, type LevelLadder } from './levels';
import type { SelectionProblem } from './problem';

/**
 * Ladder of ENC-Map (paper, section 4.1): every layer pays the same loss of quality, and none
 * falls below a tenth of its r_max while others have ranks to lose (the authors' programs). `planAtTarget` reads the
 * plan of any target off it.
 */
export function encMapLadder(
  problem: SelectionProblem,
  cost: CostName,
  curves: ReadonlyMap<string, Curve>,
): LevelLadder {
  return levelLadder(problem, cost, withRankFloor(problem, leavingLevels(choiceQualities(problem, curves))));
}
