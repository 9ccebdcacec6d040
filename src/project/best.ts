import { methods } from '../compression/methods';
import { compareMeasurements } from './comparison';
import { imageParts } from './images';
import type { Measurement } from './measurement';
import {
  accuracyOf,
  measurementOf,
  originalMeasurement,
  presentRepair,
  repairedMeasurement,
} from './measurements';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** The plan to take at the present target, by what was measured. */
export interface BestPlan {
  readonly method: string;
  /** Whether it is the best of the repaired networks; otherwise of the cut ones. */
  readonly isRepaired: boolean;
  /** Other methods whose plans are worse by no more than chance (McNemar's test at 5 %), or the same. */
  readonly tied: readonly string[];
  /** How many plans it was compared with. */
  readonly others: number;
}

interface Candidate {
  readonly method: string;
  readonly measurement: Measurement;
}

/**
 * The method whose plan answered most report images right (or as the original does), of the repaired ones as soon as
 * two were measured: cut and repaired networks are not compared. Of equals the one with fewer MACs. Null before two
 * plans were measured.
 */
export const bestPlan = remembered(
  (state: ProjectState) => [
    state.completed,
    state.document.measurements,
    presentRepair(state),
    imageParts(state),
  ],
  (state): BestPlan | null => {
    const uncut = originalMeasurement(state);
    const repaired = measuredPlans(state, true);
    const candidates = repaired.length > 1 ? repaired : measuredPlans(state, false);
    const right = imageParts(state)?.report.labels ?? uncut?.answers ?? null;
    if (candidates.length < 2 || !right) return null;
    const shareOf = ({ measurement }: Candidate) => accuracyOf(measurement, uncut)?.share ?? 0;
    const [best, ...others] = [...candidates].sort(
      (a, b) => shareOf(b) - shareOf(a) || a.measurement.achieved - b.measurement.achieved,
    );
    const isTied = ({ measurement }: Candidate) =>
      !compareMeasurements(best!.measurement, measurement, right).isSignificant;
    return {
      method: best!.method,
      isRepaired: candidates === repaired,
      tied: others.filter(isTied).map(({ method }) => method),
      others: others.length,
    };
  },
);

function measuredPlans(state: ProjectState, isRepaired: boolean): readonly Candidate[] {
  return methods.all.flatMap(({ id: method }) => {
    const recipe = state.completed?.plans[method]?.recipe;
    const measurement = recipe && (isRepaired ? repairedMeasurement : measurementOf)(state, recipe);
    return measurement ? [{ method, measurement }] : [];
  });
}
