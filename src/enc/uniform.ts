import type { CostName } from './costs';
import { leavingLevels, levelLadder, type LevelLadder } from './levels';
import type { SelectionProblem } from './problem';

/**
 * Ladder of the baseline "Uniform": every layer gets the same share of its r_max. It is the ladder of curves
 * that rise in proportion to the rank.
 */
export function uniformLadder(problem: SelectionProblem, cost: CostName): LevelLadder {
  const qualities = problem.layers.map((layer) =>
    Float64Array.from(layer.ranks, (rank) => (rank === null ? 1 : rank / layer.rankMax)),
  );
  return levelLadder(problem, cost, leavingLevels(qualities));
}
