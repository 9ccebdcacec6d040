import type { LayerCheckpoint, RepairedLayer, RepairResult } from '../../src/repair/repairNetwork';
import { runKind, type RunKind } from './kinds';
import { stepKind, type StepRunSpec, type StepSpec } from './step';

/** What repair says of itself. */
export interface RepairReport {
  readonly layers: readonly RepairedLayer[];
  /** Mean divergence from the original on calibration images, in nats. */
  readonly divergence: RepairResult['divergence'];
  /** Whether it helped; where it did not, the truncated network stands for the recipe. */
  readonly isRepaired: boolean;
}

/** Takes the last step of a recipe, a repair. */
export type RepairSpec = StepSpec<RepairReport>;

/** What repair made of a cut network. */
export type Repaired = RepairSpec['result'];

export const repairKind: RunKind<RepairSpec> = runKind(stepKind.name);

/** The same in one thread, which tells each layer as it is done. */
export const repairRunKind = runKind<StepRunSpec<RepairReport, LayerCheckpoint>>('repair');
