import { ranksKey, type Plan } from './plan';
import { diverse } from './race';

/** One plan that ENC-Inf runs. */
export interface InfCandidate {
  readonly plan: Plan;
  /** Another method's plan: it runs on every selection image, so that the winner is never worse there. */
  readonly isSeeded: boolean;
}

/** Plans of ENC-Model to look at per candidate that is wanted: the very best differ in a rank or two only. */
export const poolFactor = 20;

/** Mean difference in choices per layer that makes a plan worth running beside another. */
const minDifference = 0.1;

/**
 * What ENC-Inf runs (paper, section 4.3): the best plans of ENC-Model, told apart enough to be worth running,
 * and the plans of the other methods. ENC-Model's best comes first, so that it wins where nothing is better.
 *
 * @param best ENC-Model's plans, best first, `poolFactor` times as many as are wanted
 * @param others the plans of the other methods, which always take part
 * @param count candidates beside those of the other methods
 */
export function infCandidates(
  best: readonly Plan[],
  others: readonly Plan[],
  count: number,
): readonly InfCandidate[] {
  const candidates = new Map<string, InfCandidate>();
  const add = (plan: Plan, isSeeded: boolean) => {
    const key = ranksKey(plan.ranks);
    if (!candidates.has(key)) candidates.set(key, { plan, isSeeded });
  };
  for (const plan of best.slice(0, 1)) add(plan, true);
  for (const plan of others) add(plan, true);
  for (const plan of diverse(best, count, minDifference)) add(plan, false);
  return [...candidates.values()];
}
