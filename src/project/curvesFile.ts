import { firstMetric, metrics } from '../compression/metrics';
import type { Curve, Metric } from '../enc/curve';
import {
  accuracyInterval,
  divergenceError,
  pointsOfLayer,
  relativeAccuracy,
  type MeasuredPoint,
} from '../enc/sweep/points';
import { fail } from '../network/failure';
import type { LayerDescription } from '../network/layers';
import { parseShallowJson } from '../network/shallowJson';

/** Curves as they are written and printed: the fitted value at every rank, and what was measured. */
export interface PrintedCurves {
  /** Of the network. */
  readonly fingerprint: string;
  readonly metric: Metric;
  /** The images that were looked at; null for energy. */
  readonly images: { readonly fingerprint: string; readonly name: string; readonly count: number } | null;
  /** Names the images that were looked at, how, and what the layers went through before; null for energy. */
  readonly pointsKey: string | null;
  /** Whether every layer was re-fitted before it was measured, so that the curves foretell a repaired network. */
  readonly isRepaired: boolean;
  readonly layers: readonly PrintedCurve[];
}

export interface PrintedCurve {
  readonly name: string;
  readonly factorisation: LayerDescription['factorisation'];
  readonly rankMax: number;
  /** Present where the layer is too large for an exact curve by energy. */
  readonly isEstimated?: true;
  /** 1 … r_max. */
  readonly ranks: readonly number[];
  readonly values: readonly number[];
  readonly points: readonly PrintedPoint[];
}

/** A raw point with what follows from it. */
export interface PrintedPoint extends MeasuredPoint {
  readonly accuracy: number;
  /** Wilson's interval of the accuracy, 95 %. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Accuracy divided by the uncut network's on the same images. */
  readonly relative: number;
  /** Standard error of the divergence. */
  readonly divergenceError: number;
}

/** What curves say of their network. */
export interface CurvesNetwork {
  readonly fingerprint: string;
  /** In network order. */
  readonly layers: readonly CurvesLayer[];
}

type CurvesLayer = Pick<LayerDescription, 'name' | 'factorisation' | 'rankMax' | 'isEstimated'>;

/** Lays curves and points out for printing, layers in network order. */
export function printedCurves(
  network: CurvesNetwork,
  metric: Metric,
  curves: ReadonlyMap<string, Curve>,
  measured: {
    readonly images: { readonly fingerprint: string; readonly name: string };
    readonly count: number;
    readonly points: readonly MeasuredPoint[];
    readonly key: string;
    readonly isRepaired: boolean;
  } | null,
): PrintedCurves {
  const images = measured && {
    fingerprint: measured.images.fingerprint,
    name: measured.images.name,
    count: measured.count,
  };
  const layers = network.layers.flatMap((layer) => {
    const curve = curves.get(layer.name);
    return curve ? [printedCurve(layer, curve, measured?.points ?? [])] : [];
  });
  return {
    fingerprint: network.fingerprint,
    metric,
    images,
    pointsKey: measured?.key ?? null,
    isRepaired: measured?.isRepaired ?? false,
    layers,
  };
}

function printedCurve(layer: CurvesLayer, curve: Curve, points: readonly MeasuredPoint[]): PrintedCurve {
  const { name, factorisation, rankMax, isEstimated } = layer;
  const values = Array.from(curve.quality);
  return {
    name,
    factorisation,
    rankMax,
    ...(isEstimated && curve.metric === firstMetric ? { isEstimated } : {}),
    ranks: values.map((_, index) => index + 1),
    values,
    points: pointsOfLayer(layer, points).map(printedPoint),
  };
}

function printedPoint(point: MeasuredPoint): PrintedPoint {
  return {
    ...point,
    accuracy: point.correct / point.images,
    interval: accuracyInterval(point),
    relative: relativeAccuracy(point),
    divergenceError: divergenceError(point),
  };
}

/** Curves as the text of their file. */
export function curvesText(curves: PrintedCurves): string {
  return `${JSON.stringify(curves)}\n`;
}

/**
 * Reads curves that {@link curvesText} wrote.
 *
 * @param path for the sentence
 * @throws FailureError `unreadable-file` where it is something else
 */
export function readCurves(text: string, path: string): PrintedCurves {
  const parsed = parsedText(text);
  if (!isCurves(parsed))
    return fail(
      'unreadable-file',
      `${path}: expected curves as enc curves --out writes them, found something else; write them again.`,
    );
  return parsed;
}

/** Whether a text is that of curves. */
export function isCurvesText(text: string): boolean {
  return isCurves(parsedText(text));
}

/** null where it is no JSON, like every other text that is not ours. */
function parsedText(text: string): unknown {
  try {
    return parseShallowJson(text);
  } catch {
    return null;
  }
}

function isCurves(value: unknown): value is PrintedCurves {
  if (!isRecord(value) || typeof value.fingerprint !== 'string' || !Array.isArray(value.layers)) return false;
  if (!metrics.all.some(({ id }) => id === value.metric)) return false;
  return value.layers.every(
    (layer) => isRecord(layer) && Array.isArray(layer.points) && arePoints(layer.points, layer.name),
  );
}

/** Points of one layer, each rank once. */
function arePoints(points: readonly unknown[], name: unknown): boolean {
  if (!points.every(isPoint)) return false;
  const isOwn = points.every(({ layer }) => layer === name);
  return (
    isOwn &&
    new Set(points.map(({ rank, factorisation }) => `${rank} ${factorisation}`)).size === points.length
  );
}

function isPoint(value: unknown): value is MeasuredPoint {
  if (!isRecord(value) || typeof value.layer !== 'string' || typeof value.factorisation !== 'string')
    return false;
  const { rank, images, correct, correctUncut, divergence, divergenceDeviation } = value;
  const isCount = (number: unknown, least: number) =>
    Number.isSafeInteger(number) && (number as number) >= least;
  if (!isCount(rank, 1) || !isCount(images, 1) || !isCount(correct, 0) || !isCount(correctUncut, 0))
    return false;
  if (Math.max(correct as number, correctUncut as number) > (images as number)) return false;
  return [divergence, divergenceDeviation].every(
    (number) => Number.isFinite(number) && (number as number) >= 0,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
