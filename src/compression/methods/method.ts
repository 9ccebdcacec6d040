import type { Budget } from '../../enc/costs';
import type { Plan } from '../../enc/plan';
import type { SelectionProblem } from '../../enc/problem';
import { fail } from '../../network/failure';
import type { SelectionInputs } from './inputs';

/** A plan as a method proposes it. */
export interface ProposedPlan extends Plan {
  /** Where plans are raced: run on every image, whatever the standings say. */
  readonly isSeeded?: boolean;
}

/** A way to choose a rank for every layer: one entry of the registry. */
export interface SelectionMethod {
  readonly id: string;
  /** For a person. */
  readonly label: string;
  /** One sentence for tooltips and the help. */
  readonly idea: string;
  readonly needs: {
    /** A curve of every layer. */
    readonly curves: boolean;
    /** Selection images: its plans are candidates, and the one that is right most often on them is its answer. */
    readonly images: boolean;
  };
  /** In the authors' tables every rank of every layer is open to it, not only those that the authors cut to. */
  readonly isFreeInTables?: boolean;
  /**
   * Its plans within the budgets, best first; at least one.
   *
   * @param budgets at least one; plans keep all of them
   * @param count how many plans are of use; a method may have fewer
   * @throws FailureError `invalid-request` for more budgets than it can hold at once
   */
  plans(
    problem: SelectionProblem,
    inputs: SelectionInputs,
    budgets: readonly Budget[],
    count: number,
  ): readonly ProposedPlan[];
}

/** @throws FailureError `invalid-request` where there is not exactly one budget */
export function onlyBudget(budgets: readonly Budget[]): Budget {
  const [budget, ...others] = budgets;
  if (!budget || others.length > 0)
    return fail('invalid-request', `Expected one budget, found ${budgets.length}; give exactly one.`);
  return budget;
}
