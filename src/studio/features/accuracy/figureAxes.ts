import type { FigurePoint } from '../../../project/figurePoints';
import type { Accuracy } from '../../../project/measurements';
import { targetRange } from '../../../project/settings';
import { shareRange, type AxisRange } from '../../charts/axisRange';
import { asides } from '../../charts/placing';

/** Part of an axis, in shares. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
}

/** The slider's own range, so that the target's line falls from its thumb. */
export const wholeStretch: Stretch = { low: targetRange.min, high: targetRange.max };

/** Whether all of the axis is shown. */
export function isWhole({ low, high }: Stretch): boolean {
  return low <= wholeStretch.low && high >= wholeStretch.high;
}

/** Where a share stands on a stretch: 0 to 1 inside it. */
export function placeOn({ low, high }: Stretch, share: number): number {
  return (share - low) / (high - low);
}

/** About how many pixels one mark of the upward axis takes. */
const tickHeight = 20;

/**
 * The upward axis, fitted to what is shown: the points with their intervals, and the original where the whole axis, or
 * nothing else, is shown.
 *
 * @param height of the plot in pixels
 */
export function fittedAccuracy(
  points: readonly FigurePoint[],
  reference: Accuracy | null,
  across: Stretch,
  height: number,
): AxisRange {
  const isReferenceShown = reference !== null && (points.length === 0 || isWhole(across));
  const shown = [...points.map(({ accuracy }) => accuracy), ...(isReferenceShown ? [reference] : [])];
  const ends = shown.flatMap(({ interval }) => [interval.low, interval.high]);
  return shareRange(ends, Math.max(3, Math.floor(height / tickHeight)));
}

/** A measured point at its place in the figure. */
export interface Spot {
  readonly key: string;
  readonly point: FigurePoint;
  /** Share of MACs at which it is drawn: moved aside where it would hide another. */
  readonly x: number;
  readonly y: number;
  /** How far the interval reaches down and up. */
  readonly off: readonly [number, number];
}

/** Points at their places, those that would hide one another side by side. */
export function spotsOf(
  points: readonly FigurePoint[],
  across: Stretch,
  up: Stretch,
  plot: { readonly width: number; readonly height: number },
): readonly Spot[] {
  const moved = asides(
    points.map(({ achieved, accuracy }) => ({
      x: placeOn(across, achieved) * plot.width,
      y: placeOn(up, accuracy.share) * plot.height,
    })),
  );
  return points.map((point, index) => {
    const { share, interval } = point.accuracy;
    return {
      ...{ key: `${point.method} ${point.recipe}`, point, y: share },
      x: point.achieved + (moved[index]! / plot.width) * (across.high - across.low),
      off: [share - interval.low, interval.high - share],
    };
  });
}
