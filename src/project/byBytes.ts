import { canonicalKey } from '../network/canonical';
import { wilsonInterval } from '../linalg/intervals';
import { paretoFront } from '../enc/pareto';
import type { BackgroundTask } from './background';
import { bytesWeights, type BytesNote, type BytesPoint } from './document';
import { hasEnough, imageParts } from './images';
import { imagesKey } from './measurement';
import { original, presentRepair, type Accuracy } from './measurements';
import { originOf } from './origin';
import { plannerOf } from './planning';
import { remembered } from './remembered';
import type { ProjectState } from './state';
import { areCurvesMoving } from './sweeps';

/** Targets whose plans are measured beside the original, which is at 1. */
export const bytesTargets = [1, 0.7, 0.5, 0.35] as const;

/** Accuracy by bytes, of the original and of a method's plans. */
export interface BytesTask extends BackgroundTask {
  readonly method: string;
}

/**
 * What there is to measure by bytes for the chosen method; null where nothing can be, or while its plans will soon be
 * others.
 */
export const bytesTask = remembered(
  (state: ProjectState) => [
    state.backend,
    plannerOf(state),
    imageParts(state),
    presentRepair(state),
    state.document.settings.method,
    originOf(state, state.document.settings.method),
    areCurvesMoving(state),
  ],
  (state): BytesTask | null => {
    const { method, cost, seed } = state.document.settings;
    const [parts, planner] = [imageParts(state), plannerOf(state)];
    if (!state.backend || !planner?.isComplete || !parts || !original(state)) return null;
    if (areCurvesMoving(state)) return null;
    if (parts.report.indices.length === 0) return null;
    const rounding = hasEnough(state, 'calibration') ? imagesKey(parts.calibration.drawn) : null;
    const about = [originOf(state, method), cost, seed, presentRepair(state), imagesKey(parts.report.drawn)];
    return {
      key: canonicalKey(['bytes', planner.network, rounding, bytesTargets, bytesWeights, ...about]),
      method,
    };
  },
);

/** What was measured by bytes so far; null before it has begun. */
export function bytesNote({ document }: ProjectState, task: BytesTask | null): BytesNote | null {
  return (task && document.byBytes[task.key]) ?? null;
}

/** A point's accuracy with its interval. */
export function accuracyOfPoint({ kind, successes, images }: BytesPoint): Accuracy {
  const interval = wilsonInterval(successes, images);
  return { kind, successes, images, share: successes / images, interval };
}

/** Whether a point is of the original, however it is stored. */
export function isOfOriginal({ target }: BytesPoint): boolean {
  return target === 1;
}

/**
 * The points that a family's line goes through, the smallest first: all ways of storing the original, and of the plans
 * those that no other of them beats.
 */
export function lineOfFamily(points: readonly BytesPoint[]): readonly BytesPoint[] {
  const bySize = (line: readonly BytesPoint[]) => line.toSorted((a, b) => a.bytes - b.bytes);
  if (points.every(isOfOriginal)) return bySize(points);
  const places = paretoFront(
    points.map(({ bytes, successes, images }) => ({ cost: bytes, worth: successes / images })),
  );
  return bySize(places.map((place) => points[place]!));
}
