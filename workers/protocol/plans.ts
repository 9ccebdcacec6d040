import type { SelectionInputs } from '../../src/compression/methods/inputs';
import type { Budget } from '../../src/enc/costs';
import type { Plan } from '../../src/enc/plan';
import type { SelectionProblem } from '../../src/enc/problem';
import { runKind, type RunSpec } from './kinds';

/** Works out the plan of every method that goes by curves alone, where that takes longer than a page has between frames. */
export interface PlansSpec extends RunSpec {
  readonly task: {
    readonly problem: SelectionProblem;
    readonly inputs: Omit<SelectionInputs, 'mapLadder' | 'mostSteps'>;
    readonly budgets: readonly Budget[];
  };
  readonly event: never;
  /** By the method's id. */
  readonly result: Readonly<Record<string, Plan>>;
}

export const plansKind = runKind<PlansSpec>('plans');
