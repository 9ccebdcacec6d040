import type { Ranks } from '../network/layers';
import { costOfChoices, ranksOfChoices, type SelectionProblem } from './problem';

export type Method = 'uniform' | 'map' | 'model' | 'inf';

/** A method's answer to one target. */
export interface Plan {
  readonly method: Method;
  /** Share of the original MACs that was asked for. */
  readonly target: number;
  /** Share of the original MACs that the chosen ranks cost. */
  readonly achieved: number;
  readonly macs: number;
  readonly parameters: number;
  /** Whether the target could be reached; false where even rank 1 everywhere costs more. */
  readonly reached: boolean;
  /** A rank, or null for "keep original", for every layer that may be cut, in network order. */
  readonly ranks: Ranks;
  /** The choice per layer of the problem, for predictions. */
  readonly choices: Int32Array;
}

/** Turns one choice per layer into a plan. */
export function planOfChoices(
  problem: SelectionProblem,
  method: Method,
  target: number,
  choices: Int32Array,
): Plan {
  const { macs, parameters } = costOfChoices(problem, choices);
  return {
    method,
    target,
    achieved: macs / problem.totalMacs,
    macs,
    parameters,
    reached: macs <= target * problem.totalMacs * (1 + 1e-12),
    ranks: ranksOfChoices(problem, choices),
    choices,
  };
}

/** A text that two sets of ranks share exactly where they describe the same network. */
export function ranksKey(ranks: Ranks): string {
  return Object.entries(ranks)
    .filter(([, rank]) => rank !== null)
    .map(([layer, rank]) => `${layer}=${rank}`)
    .sort()
    .join(';');
}
