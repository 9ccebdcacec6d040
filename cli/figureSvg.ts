import { metrics } from '../src/compression/metrics';
import type { Interval } from '../src/linalg/intervals';
import type { Ranks } from '../src/network/layers';
import { accuracySvg } from '../src/project/report/figures';
import type { Predicted } from './planning';

/** One plan of the figure. */
export interface FigurePoint {
  /** Its id. */
  readonly method: string;
  readonly target: number;
  readonly achieved: number;
  readonly reached: boolean;
  readonly ranks: Ranks;
  /** Qualities predicted from the curves. */
  readonly predicted: Predicted;
  /** Right answers, or answers like the original's where images have no labels. */
  readonly measured: { readonly correct: number; readonly accuracy: number; readonly interval: Interval };
}

/** The paper's main figure: accuracy against the share of MACs. */
export interface Figure {
  readonly network: string;
  /** Its id. */
  readonly metric: string;
  /** Whether accuracy is agreement with the original network. */
  readonly isAgreement: boolean;
  readonly images: number;
  readonly original: { readonly correct: number; readonly accuracy: number; readonly interval: Interval };
  readonly points: readonly FigurePoint[];
}

/**
 * Accuracy against the share of MACs as an SVG: measured points solid, joined and with their 95 % intervals,
 * predictions dashed where the metric foretells accuracy.
 */
export function figureSvg(figure: Figure): string {
  const { network, isAgreement, images, original, points } = figure;
  const kind = isAgreement ? 'agreement with the original' : 'top-1 accuracy';
  const methods = [...new Set(points.map(({ method }) => method))];
  return `${accuracySvg({
    title: `${network}: ${kind}, ${images} images`,
    original: { share: original.accuracy, interval: original.interval },
    points: points.map(({ method, achieved, measured }) => {
      const { accuracy: share, interval } = measured;
      return { method, achieved, share, interval };
    }),
    isJoined: true,
    predicted: Object.fromEntries(methods.map((method) => [method, predictedLine(figure, method)])),
  })}\n`;
}

/** What the whole networks are predicted to reach, where the metric foretells accuracy. */
function predictedLine({ points, metric, original }: Figure, method: string) {
  if (!metrics.get(metric).foretellsAccuracy) return [];
  return points.flatMap(({ method: own, achieved, predicted }) => {
    const kept = own === method ? predicted[metric] : null;
    return kept === null || kept === undefined ? [] : [{ achieved, share: kept * original.accuracy }];
  });
}
