import { accuracyInterval, divergenceError, type MeasuredPoint } from '../../enc/sweep/points';

/** A place on a chart's axis, 0 to 1, and what stands there. */
export interface ScaleTick {
  readonly at: number;
  readonly text: string;
}

/** A measured point in heights, with the ends of its 95 % interval. */
export interface PointHeights {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** How qualities of a metric are drawn and read. */
export interface MetricScale {
  /** Height of a quality in a chart, 0 to 1. */
  heightOf(quality: number): number;
  /** Heights of a raw point; null for a metric that has none. */
  heightsOf(point: MeasuredPoint): PointHeights | null;
  readonly ticks: readonly ScaleTick[];
  /** For small charts. */
  readonly fewTicks: readonly ScaleTick[];
  /** What a height means, for a chart of all layers. */
  readonly meaning: string;
  /** The same of one layer, as a heading. */
  readonly title: string;
  /** A quality for a person. */
  textOf(quality: number): string;
  /** Qualities that are worth telling the rank of. */
  readonly levels: readonly number[];
}

/** Qualities as they are, from 0 to 1. */
export const shareScale: Pick<MetricScale, 'heightOf' | 'ticks' | 'fewTicks'> = {
  heightOf: (quality) => quality,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: at.toFixed(2) })),
  fewTicks: [0, 0.5, 1].map((at) => ({ at, text: at.toFixed(1) })),
};

/** Accuracy relative to the uncut network's, with Wilson's interval. */
export function accuracyHeights(point: MeasuredPoint): PointHeights {
  const uncut = Math.max(1, point.correctUncut) / point.images;
  const { low, high } = accuracyInterval(point);
  const held = (share: number) => Math.min(1, Math.max(0, share / uncut));
  return { at: held(point.correct / point.images), low: held(low), high: held(high) };
}

/** Decades of divergence that a chart shows, from 1 nat at the bottom up. */
const divergenceDecades = 6;

/** Height of a divergence in nats. */
export function heightOfDivergence(divergence: number): number {
  if (divergence <= 10 ** -divergenceDecades) return 1;
  return Math.min(1, Math.max(0, -Math.log10(divergence) / divergenceDecades));
}

/** A divergence with its 95 % interval. */
export function divergenceHeights(point: MeasuredPoint): PointHeights {
  const spread = 1.96 * divergenceError(point);
  return {
    at: heightOfDivergence(point.divergence),
    low: heightOfDivergence(point.divergence + spread),
    high: heightOfDivergence(point.divergence - spread),
  };
}

const decadeTicks = (decades: readonly number[]): readonly ScaleTick[] =>
  decades.map((decade) => ({
    at: decade / divergenceDecades,
    text: decade === 0 ? '1' : `1e−${decade}`,
  }));

/**
 * Qualities by divergence, exp(−d), all lie close to 1 where anything is to be chosen, so they are drawn by the
 * logarithm of d.
 */
export const divergenceScale: Pick<MetricScale, 'heightOf' | 'ticks' | 'fewTicks'> = {
  heightOf: (quality) => heightOfDivergence(-Math.log(quality)),
  ticks: decadeTicks(Array.from({ length: divergenceDecades + 1 }, (_, decade) => decade)),
  fewTicks: decadeTicks([0, 2, 4, 6]),
};
