import type { DrawnImages } from '../compression/draw';
import type { Recipe, Step } from '../compression/recipe';
import { refitStep } from '../compression/steps/refit';
import type { MeasuredPoint } from '../enc/sweep/points';
import { hasEnough, imageParts, maxCurveCalibration } from './images';
import { measurementKey } from './measurement';
import { chosenMetric } from './metricChoices';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** Names the points of a network's layers: measured on some images, truncated or re-fitted. */
export function pointsKey(network: string, selection: DrawnImages, refit: Step | null): string {
  // Of which layer and rank, the points say themselves; "cut" stands for all of them.
  const anyLayer: Recipe = {
    network,
    layers: { '*': { kind: 'low-rank', factorisation: 'spatial', rank: 1 } },
    steps: refit ? [refit] : [],
  };
  return measurementKey(anyLayer, selection);
}

/** The re-fit that layers can go through on the calibration images; null where there are too few of them. */
export const possibleRefit = remembered(
  (state: ProjectState) => [imageParts(state), state.document.settings.seed],
  (state): Step | null => {
    const parts = imageParts(state);
    if (!parts || !hasEnough(state, 'calibration')) return null;
    const { drawn, indices } = parts.calibration;
    return refitStep(firstOf(drawn, indices.length), state.document.settings.seed);
  },
);

/** The re-fit that curves of the chosen metric go through; null where its layers are truncated. */
export function presentRefit(state: ProjectState): Step | null {
  return chosenMetric(state.document.settings.metric).needs.refit ? possibleRefit(state) : null;
}

/** The first so many of drawn images that single layers are re-fitted on. */
function firstOf(drawn: DrawnImages, count: number): DrawnImages {
  const { draw } = drawn;
  if (count <= maxCurveCalibration) return drawn;
  if (draw.kind === 'all') return { ...drawn, draw: { kind: 'run', from: 0, count: maxCurveCalibration } };
  return { ...drawn, draw: { ...draw, count: maxCurveCalibration } };
}

/** The name of the points that the present curves are drawn through; null where there can be none. */
export const presentPointsKey = remembered(
  (state: ProjectState) => [state.network?.summary, imageParts(state), presentRefit(state), state.curvesFrom],
  (state): string | null => {
    const { network, curvesFrom } = state;
    const parts = imageParts(state);
    if (curvesFrom !== null) return curvesFrom;
    return (
      network && parts && pointsKey(network.summary.fingerprint, parts.selection.drawn, presentRefit(state))
    );
  },
);

const noPoints: readonly MeasuredPoint[] = [];

/** What was measured so far for the present curves. */
export function presentPoints(state: ProjectState): readonly MeasuredPoint[] {
  const key = presentPointsKey(state);
  return (key !== null && state.document.points[key]) || noPoints;
}
