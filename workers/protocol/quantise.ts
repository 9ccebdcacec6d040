import type { QuantiseReport } from '../../src/quantise/quantiseNetwork';
import { runKind, type RunKind } from './kinds';
import { stepKind, type StepRunSpec, type StepSpec } from './step';

/** Takes the last step of a recipe, which stores the network in fewer bits. */
export type QuantiseSpec = StepSpec<QuantiseReport>;

export const quantiseKind: RunKind<QuantiseSpec> = runKind(stepKind.name);

/** The same in one thread. */
export const quantiseRunKind = runKind<StepRunSpec<QuantiseReport, never>>('quantise');
